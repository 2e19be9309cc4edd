import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SANDBOX } from "../../../rehearsal/operators/pod-programs";
import { build } from "../../../rehearsal/toolchain/build";
import { askApi } from "../../support/cluster-inventory";
import { eventually, TestCluster } from "../../support/cluster";
import { hasNamespaces } from "../../support/namespaces";
import { processesMentioning } from "../../support/processes";
import { readKubeconfig } from "../../../rehearsal/cluster/kubeconfig";
import { toolPath } from "../../support/toolchain";

const namespace = "default";

/** An etcd in the place of a controller: a static program with a port, a probe, files and a Service. */
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "agent", namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "agent" } },
    template: {
      metadata: { labels: { app: "agent" } },
      spec: {
        containers: [
          {
            name: "agent",
            image: "registry.example.com/agent:1",
            command: ["/bin/agent", "etcd"],
            args: [
              "--data-dir=/data/$(NAME)",
              "--listen-client-urls=http://127.0.0.1:2379",
              "--advertise-client-urls=http://127.0.0.1:2379",
            ],
            env: [{ name: "NAME", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } }],
            ports: [{ name: "client", containerPort: 2379 }],
            readinessProbe: { httpGet: { path: "/readyz", port: "client" } },
            volumeMounts: [
              { name: "data", mountPath: "/data" },
              { name: "settings", mountPath: "/etc/agent" },
            ],
          },
        ],
        volumes: [
          { name: "data", emptyDir: {} },
          { name: "settings", configMap: { name: "settings" } },
        ],
      },
    },
  },
};

describe.runIf(hasNamespaces)("a controller that runs as a process", { timeout: 60_000 }, () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    const binary = await toolPath("controlplane");
    const sandbox = join(await build(SANDBOX), "sandbox");
    cluster = await TestCluster.start({
      sandbox,
      images: { "registry.example.com/agent": { binary, entry: "/agent" } },
    });
    const resources = { cpu: "8", memory: "32Gi", pods: "110", "ephemeral-storage": "100Gi" };
    await cluster.create({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "node-0", annotations: { "kwok.x-k8s.io/node": "fake" } },
      status: { capacity: resources, allocatable: resources },
    });
    await cluster.create(deployment);
    const ports = [{ name: "client", port: 80, targetPort: "client" }];
    await cluster.create({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "agent", namespace },
      spec: { selector: { app: "agent" }, ports },
    });
  }, 300_000);
  afterAll(async () => {
    await cluster.remove();
    expect(await processesMentioning(cluster.folder)).toEqual([]);
  });

  const pods = async () => {
    const { items } = await cluster.api(CoreV1Api).listNamespacedPod({ namespace, labelSelector: "app=agent" });
    return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  };
  const statusOf = async () => (await pods())[0]?.status;
  const isReady = async () => {
    const status = await statusOf();
    return status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") && status;
  };
  const ask = async (path: string) => askApi(readKubeconfig(cluster.controlPlane.layout.kubeconfig), path);
  const programs = () => processesMentioning("/bin/agent etcd --data-dir");

  test("waits for what its volumes are made from, and is not ready before", async () => {
    const status = await eventually("it waits", async () => {
      const now = await statusOf();
      return now?.containerStatuses?.[0]?.state?.waiting?.message !== undefined && now;
    });
    expect(status.containerStatuses?.[0]?.state?.waiting?.message).toBe(
      "what volume settings is made from is not there yet",
    );
    expect(await isReady()).toBe(false);
    await cluster.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace }, data: {} });
    const ready = await eventually("it is ready", isReady);
    expect(ready.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
    expect(ready.podIP).toMatch(/^198\.51\.100\./);
    expect(await programs()).toHaveLength(1);
  });

  test("makes its Deployment ready, and leaves all other pods to the simulation", async () => {
    await eventually("the Deployment is ready", async () => {
      const { status } = await cluster.api(AppsV1Api).readNamespacedDeployment({ name: "agent", namespace });
      return status?.readyReplicas === 1;
    });
    const container = { name: "main", image: "registry.example.com/other:1" };
    const metadata = { name: "other", namespace };
    await cluster.create({ apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [container] } });
    const other = await eventually("the other pod runs", async () => {
      const pod = await cluster.api(CoreV1Api).readNamespacedPod({ name: "other", namespace });
      return pod.status?.phase === "Running" && pod;
    });
    expect(other.status?.podIP).toMatch(/^10\.0\./);
  });

  test("is reached by the API server, by its Service as by its pod", async () => {
    const [pod] = await pods();
    const path = `/api/v1/namespaces/${namespace}/pods/${pod?.metadata?.name}:2379/proxy/version`;
    expect(await ask(path)).toMatchObject({ status: 200, body: { etcdserver: expect.any(String) as string } });
    await eventually("the Service leads to it", async () => {
      const { status } = await ask(`/api/v1/namespaces/${namespace}/services/agent:80/proxy/version`);
      return status === 200;
    });
  });

  test("is started again when it dies, and says so", async () => {
    const [program] = await programs();
    process.kill(program!.pid, "SIGKILL");
    const status = await eventually("it was started again", async () => {
      const now = await isReady();
      return now && now.containerStatuses?.[0]?.restartCount === 1 && now;
    });
    expect(status.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ exitCode: 137 });
    expect((await programs())[0]?.pid).not.toBe(program!.pid);
  });

  test("comes up again with a supervisor that was killed", async () => {
    const supervisor = (await cluster.controlPlane.status()).find(({ name }) => name === "supervisor");
    process.kill(supervisor!.pid!, "SIGKILL");
    await eventually("its programs are gone", async () => (await programs()).length === 0);
    expect((await cluster.controlPlane.start()).started).toEqual(["supervisor"]);
    await eventually("it is ready", async () => (await programs()).length === 1 && (await isReady()));
  });

  test("ends with its pod, and leaves no file of it", async () => {
    await cluster.api(AppsV1Api).deleteNamespacedDeployment({ name: "agent", namespace });
    await eventually("it has ended", async () => (await programs()).length === 0);
    const { pods: folder } = cluster.controlPlane.layout;
    await eventually("nothing is left", async () => existsSync(folder) && (await readdir(folder)).length === 0);
  });
});
