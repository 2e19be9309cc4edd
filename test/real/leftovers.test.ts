import { CoreV1Api } from "@kubernetes/client-node";
import { afterEach, describe, expect, test } from "vitest";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { killProcess, liveProcesses } from "../../rehearsal/cluster/process-table";
import { realNodes } from "../../rehearsal/real-node/real-nodes";
import { ensureRealNodes } from "../../rehearsal/real-node/tool";
import { onNode } from "../../rehearsal/real-node/node-images";
import { ON_REAL_NODES } from "../../rehearsal/real-node/placement";
import { eventually, TestCluster } from "../support/cluster";
import { RealPods, scriptPod } from "../support/real-pods";
import { cgroupsOf, processesOf, traces } from "../support/traces";

const namespace = "default";

describe("clusters with real nodes", () => {
  let cluster: TestCluster | undefined;

  afterEach(async () => {
    await cluster?.remove();
    cluster = undefined;
  });

  const start = async (count: number) => {
    cluster = await TestCluster.start(undefined, await ensureRealNodes({ count }));
    return { cluster, pods: new RealPods(cluster.config) };
  };
  /** Living processes of the first node's program of this name, outside its namespaces. */
  const processOf = async (program: RegExp) => {
    const found = (await liveProcesses()).find(
      ({ command }) => program.test(command) && command.includes(cluster!.controlPlane.layout.folder),
    );
    return found!.pid;
  };

  test("leave nothing of this machine changed when they go", async () => {
    const before = traces();
    const { pods, ...own } = await start(2);
    expect((await pods.run(scriptPod("echo ran", { name: "ran" }))).printed).toBe("ran\n");
    await own.cluster.create(scriptPod("exec sleep 600", { name: "runs" }));
    await pods.ready("runs");
    const { folder, controlPlane } = own.cluster;
    expect(cgroupsOf(controlPlane.layout).length).toBeGreaterThan(0);
    await own.cluster.remove();
    cluster = undefined;
    expect(traces()).toEqual(before);
    expect(cgroupsOf(controlPlane.layout)).toEqual([]);
    expect(await processesOf(folder)).toEqual([]);
  });

  test("have nodes whose pods reach each other, each by its address and by its name", async () => {
    const { pods, ...own } = await start(2);
    const core = own.cluster.api(CoreV1Api);
    expect((await core.listNode()).items.map(({ metadata }) => metadata?.name)).toEqual(["real-0", "real-1"]);
    await core.createNamespacedService({
      namespace,
      body: {
        metadata: { name: "ring" },
        spec: { clusterIP: "None", publishNotReadyAddresses: true, selector: { app: "ring" }, ports: [{ port: 8080 }] },
      },
    });
    const on = (node: number, script: string) =>
      scriptPod(script, {
        name: `member-${node}`,
        hostname: `member-${node}`,
        subdomain: "ring",
        labels: { app: "ring" },
        nodeSelector: { ...ON_REAL_NODES.nodeSelector, "kubernetes.io/hostname": `real-${node}` },
      });
    await own.cluster.create(on(1, "mkdir /tmp/w; hostname > /tmp/w/index.html; exec httpd -f -p 8080 -h /tmp/w"));
    const address = await pods.ready("member-1");
    const asks = `wget -qO- http://${address}:8080/ && until wget -qO- http://member-1.ring:8080/; do sleep 0.5; done`;
    expect((await pods.run(on(0, asks))).printed).toBe("member-1\nmember-1\n");
  });

  test("go on with the same containers when the kubelet or the runtime is killed", async () => {
    const { pods, ...own } = await start(1);
    await own.cluster.create(scriptPod("exec sleep 600", { name: "runs" }));
    await pods.ready("runs");
    const containerOf = async () => (await pods.read("runs"))?.status?.containerStatuses?.[0]?.containerID;
    const before = await containerOf();
    for (const program of [/ kubelet --config=/, /containerd --config=/]) {
      await killProcess(await processOf(program));
      await eventually("it is back", async () => (await processOf(program)) !== undefined).catch(() => undefined);
      const name = `after-${String(program).replace(/\W+/g, "-")}x`.toLowerCase();
      expect(await pods.run(scriptPod("echo on", { name }))).toMatchObject({ printed: "on\n", exitCode: 0 });
    }
    expect(await containerOf()).toBe(before);
    expect(await pods.execute("runs", ["echo", "here"])).toBe("here\n");
  });

  test("come back with all that was on them when everything of them was killed", async () => {
    const { pods, ...own } = await start(1);
    await own.cluster.create(
      scriptPod("echo first > /data/kept; exec sleep 600", {
        name: "runs",
        restartPolicy: "Always",
        container: { volumeMounts: [{ name: "data", mountPath: "/data" }] },
        volumes: [{ name: "data", emptyDir: {} }],
      }),
    );
    await pods.ready("runs");
    await killProcess(await processOf(/ real-nodes --machine=/));
    expect((await own.cluster.controlPlane.start()).started).toContain("real-nodes");
    await eventually(
      "its container was started again",
      async () => {
        return ((await pods.read("runs"))?.status?.containerStatuses?.[0]?.restartCount ?? 0) > 0;
      },
      90_000,
    );
    await pods.ready("runs");
    expect(await pods.execute("runs", ["cat", "/data/kept"])).toBe("first\n");
  });

  test("have no way out of the machine", async () => {
    const { pods, ...own } = await start(1);
    const [node] = realNodes({ count: 1 }, own.cluster.controlPlane.layout);
    expect(await onNode(node!, ["ip", "route", "show", "default"])).toBe("");
    const { printed } = await pods.run(
      scriptPod("nc -w 2 192.0.2.77 80 </dev/null || echo unreachable", { name: "out" }),
    );
    expect(printed).toContain("unreachable");
    expect(await readFile(join(node!.folder, "pid"), "utf8")).toMatch(/^\d+$/);
  });

  test("say which image is missing, as none can be pulled", async () => {
    const { pods, ...own } = await start(1);
    await own.cluster.create(
      scriptPod("true", { name: "missing", container: { image: "registry.example.com/none:1" } }),
    );
    const waiting = await eventually("it is told", async () => {
      const { reason, message } = (await pods.read("missing"))?.status?.containerStatuses?.[0]?.state?.waiting ?? {};
      return reason?.includes("ImagePull") && message;
    });
    expect(waiting).toContain("registry.example.com/none:1");
  });
});
