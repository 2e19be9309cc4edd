import { AppsV1Api, BatchV1Api, CoreV1Api, CustomObjectsApi } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REAL_NODE, REAL_NODE_TAINT } from "../../components/model/real-node";
import { ensureRealNodes } from "../../rehearsal/real-node/tool";
import { ON_REAL_NODES } from "../../rehearsal/real-node/placement";
import { BUSYBOX } from "../../rehearsal/real-node/required-images";
import { eventually, TestCluster } from "../support/cluster";
import { RealPods, scriptPod } from "../support/real-pods";

const GPU = "nvidia.com/gpu";
const namespace = "default";

describe("a real node", () => {
  let cluster: TestCluster;
  let pods: RealPods;

  beforeAll(async () => {
    cluster = await TestCluster.start(undefined, await ensureRealNodes({ count: 1, gpus: 2, namespaces: ["work"] }));
    pods = new RealPods(cluster.config);
  });

  afterAll(() => cluster.remove());

  test("joins the embedded cluster with its label, its taint, and the processors and GPUs that it is told", async () => {
    const { items } = await cluster.api(CoreV1Api).listNode();
    const [node] = items;
    expect(items).toHaveLength(1);
    expect(node?.metadata?.labels).toMatchObject({ [REAL_NODE.key]: "real", "mlstack.dev/pool": "real" });
    expect(node?.spec?.taints).toEqual([REAL_NODE_TAINT]);
    expect(node?.status?.allocatable).toMatchObject({ cpu: "16", [GPU]: "2" });
    expect(node?.status?.nodeInfo?.containerRuntimeVersion).toMatch(/^containerd:/);
  });

  test("runs a program with its environment, files and volumes, and tells what it printed", async () => {
    const core = cluster.api(CoreV1Api);
    await core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: "settings" }, data: { greeting: "hello" } },
    });
    await core.createNamespacedSecret({
      namespace,
      body: { metadata: { name: "secret" }, stringData: { key: "hush" } },
    });
    const outcome = await pods.run(
      scriptPod('cat /settings/greeting /shared/first; echo " $SECRET $NODE"; stat -Lc %a /secret/key', {
        name: "inputs",
        securityContext: { runAsUser: 1000, runAsNonRoot: true, fsGroup: 1000 },
        initContainers: [
          {
            name: "first",
            image: BUSYBOX,
            command: ["sh", "-c", "echo ' from before' > /shared/first"],
            volumeMounts: [{ name: "shared", mountPath: "/shared" }],
          },
        ],
        container: {
          env: [
            { name: "SECRET", valueFrom: { secretKeyRef: { name: "secret", key: "key" } } },
            { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          ],
          volumeMounts: [
            { name: "shared", mountPath: "/shared" },
            { name: "settings", mountPath: "/settings" },
            { name: "secret", mountPath: "/secret" },
          ],
        },
        volumes: [
          { name: "shared", emptyDir: {} },
          { name: "settings", configMap: { name: "settings" } },
          { name: "secret", secret: { secretName: "secret", defaultMode: 0o440 } },
        ],
      }),
    );
    expect(outcome).toEqual({ printed: "hello from before\n hush real-0\n440\n", exitCode: 0, reason: "Completed" });
  });

  test("has the exit code of a program, and kills one that takes more memory than it may", async () => {
    expect(await pods.run(scriptPod("exit 7", { name: "fails" }))).toMatchObject({ exitCode: 7, reason: "Error" });
    const resources = { limits: { memory: "32Mi" } };
    const greedy = scriptPod("exec tail /dev/zero", { name: "greedy", container: { resources } });
    expect(await pods.run(greedy)).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
  });

  test("gives pods of any user a volume that outlives them, on which they see each other's files", async () => {
    const core = cluster.api(CoreV1Api);
    await core.createNamespacedPersistentVolumeClaim({
      namespace,
      body: {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
      },
    });
    const on = (name: string, user: number) => ({
      name,
      securityContext: { runAsUser: user },
      container: { volumeMounts: [{ name: "data", mountPath: "/data" }] },
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
    });
    await pods.run(scriptPod("echo model > /data/model", on("writer", 1000)));
    expect((await pods.run(scriptPod("cat /data/model", on("reader", 2000)))).printed).toBe("model\n");
  });

  test("has names for Services and for pods of headless ones, and leads to whoever is ready behind them", async () => {
    const core = cluster.api(CoreV1Api);
    await cluster.api(AppsV1Api).createNamespacedDeployment({
      namespace,
      body: {
        metadata: { name: "web" },
        spec: {
          replicas: 2,
          selector: { matchLabels: { app: "web" } },
          template: {
            metadata: { labels: { app: "web" } },
            spec: {
              ...ON_REAL_NODES,
              terminationGracePeriodSeconds: 1,
              containers: [
                {
                  name: "web",
                  image: BUSYBOX,
                  command: ["sh", "-c", "mkdir /tmp/w; hostname > /tmp/w/index.html; exec httpd -f -p 8080 -h /tmp/w"],
                  readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
                },
              ],
            },
          },
        },
      },
    });
    const ports = [{ port: 80, targetPort: 8080 }];
    await core.createNamespacedService({
      namespace,
      body: { metadata: { name: "web" }, spec: { selector: { app: "web" }, ports } },
    });
    await eventually("both are ready", async () => {
      const { status } = await cluster.api(AppsV1Api).readNamespacedDeployment({ name: "web", namespace });
      return status?.readyReplicas === 2;
    });
    const ask =
      "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do wget -qO- http://web.default.svc.cluster.local/; done | sort -u | wc -l";
    expect((await pods.run(scriptPod(ask, { name: "asks" }))).printed.trim()).toBe("2");
  });

  test("lets a pod reach the API server by its Service, with the rights of its account and no others", async () => {
    const script = [
      "S=/var/run/secrets/kubernetes.io/serviceaccount",
      "nslookup kubernetes.default.svc.cluster.local | grep -c 10.96.0.1",
      'test -s $S/token && (printf "GET /version HTTP/1.0\\r\\n\\r\\n"; sleep 1) | nc kubernetes.default.svc 443 | head -c 12',
    ].join("; ");
    const { printed } = await pods.run(scriptPod(script, { name: "client" }));
    expect(printed).toMatch(/^\d/);
    // It speaks TLS; that it is the API server is told by its refusal of plain HTTP.
    expect(printed).toContain("HTTP/1.0 400");
  });

  test("shows what a program prints while it runs, and runs a command beside it", async () => {
    await cluster.create(scriptPod("echo started; exec sleep 600", { name: "long" }));
    await pods.ready("long");
    expect(await pods.printed("long")).toBe("started\n");
    expect(await pods.execute("long", ["cat", "/etc/hostname"])).toBe("long\n");
  });

  test("lends each GPU once, and tells a pod which are its own", async () => {
    const with1 = (name: string) =>
      scriptPod("echo $NVIDIA_VISIBLE_DEVICES; sleep 4", {
        name,
        container: { resources: { limits: { [GPU]: "1" } } },
      });
    for (const name of ["gpu-0", "gpu-1", "gpu-2"]) await cluster.create(with1(name));
    const outcomes = await Promise.all(["gpu-0", "gpu-1", "gpu-2"].map((name) => pods.outcome(name)));
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const [first, second] = outcomes.map(({ printed }) => printed);
    expect(new Set([first, second])).toEqual(new Set(["stand-in-0\n", "stand-in-1\n"]));
    const began = await Promise.all(["gpu-0", "gpu-1", "gpu-2"].map(async (name) => startOf(await pods.read(name))));
    expect(Math.max(...began) - Math.min(...began)).toBeGreaterThanOrEqual(3000);
  });

  test("takes the pods of a namespace that is sent to it, whatever pool they name; simulated nodes take the others", async () => {
    const core = cluster.api(CoreV1Api);
    const resources = { cpu: "4", memory: "8Gi", pods: "10" };
    await core.createNode({
      body: {
        metadata: {
          name: "simulated-0",
          labels: { "mlstack.dev/pool": "t4" },
          annotations: {
            "kwok.x-k8s.io/node": "fake",
            "mlstack.dev/simulated-resources": JSON.stringify({ capacity: resources, allocatable: resources }),
          },
        },
      },
    });
    for (const name of ["work", "elsewhere"]) await core.createNamespace({ body: { metadata: { name } } });
    const job = (image: string) => ({
      metadata: { name: "job" },
      spec: {
        template: {
          spec: {
            restartPolicy: "Never",
            nodeSelector: { "mlstack.dev/pool": "t4" },
            containers: [{ name: "main", image, command: ["true"] }],
          },
        },
      },
    });
    const batch = cluster.api(BatchV1Api);
    await batch.createNamespacedJob({ namespace: "work", body: job(BUSYBOX) });
    await batch.createNamespacedJob({ namespace: "elsewhere", body: job("registry.example.com/nowhere:1") });
    const nodes = await Promise.all(
      ["work", "elsewhere"].map((each) =>
        eventually("its pod has succeeded", async () => {
          const { items } = await core.listNamespacedPod({ namespace: each });
          return items[0]?.status?.phase === "Succeeded" && items[0].spec?.nodeName;
        }),
      ),
    );
    expect(nodes).toEqual(["real-0", "simulated-0"]);
  });

  test("tells what its pods use of processors and memory", async () => {
    const usage = await eventually(
      "the pod is measured",
      async () => {
        const response = (await cluster
          .api(CustomObjectsApi)
          .getNamespacedCustomObject({
            group: "metrics.k8s.io",
            version: "v1beta1",
            namespace,
            plural: "pods",
            name: "long",
          })
          .catch(() => undefined)) as { containers: { usage: { cpu: string; memory: string } }[] } | undefined;
        return response?.containers[0]?.usage;
      },
      90_000,
    );
    expect(usage.memory).toMatch(/^[1-9]\d*Ki$/);
  });
});

function startOf(pod: Awaited<ReturnType<RealPods["read"]>>): number {
  return Number(pod?.status?.containerStatuses?.[0]?.state?.terminated?.startedAt ?? 0);
}
