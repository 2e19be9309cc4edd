import { BatchV1Api, CoreV1Api, type V1Job, type V1Node } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultInjectors } from "../../../rehearsal/faults";
import { Aftermath } from "../../../rehearsal/faults/aftermath";
import { eventually, TestCluster } from "../../support/cluster";

const namespace = "default";
const resources = { cpu: "4", memory: "8Gi", pods: "20" };

function node(name: string, pool: string, zone: string): V1Node {
  return {
    metadata: {
      name,
      labels: { "mlstack.dev/pool": pool, "topology.kubernetes.io/zone": zone },
      annotations: {
        "kwok.x-k8s.io/node": "fake",
        "mlstack.dev/simulated-resources": JSON.stringify({ capacity: resources, allocatable: resources }),
      },
    },
  };
}

function job(name: string, pool: string, simulate: string): V1Job {
  return {
    metadata: { name, namespace },
    spec: {
      backoffLimit: 3,
      template: {
        metadata: { annotations: { "mlstack.dev/simulate": simulate } },
        spec: {
          restartPolicy: "Never",
          nodeSelector: { "mlstack.dev/pool": pool },
          containers: [{ name: "main", image: "registry.test/train:1" }],
        },
      },
    },
  };
}

/** No controller of a platform runs here: what needs one is rehearsed elsewhere. */
describe("faults", { timeout: 120_000 }, () => {
  let cluster: TestCluster;
  let core: CoreV1Api;
  let batch: BatchV1Api;
  let faults: ReturnType<typeof faultInjectors>;
  beforeAll(async () => {
    cluster = await TestCluster.start();
    core = cluster.api(CoreV1Api);
    batch = cluster.api(BatchV1Api);
    const { config, controlPlane } = cluster;
    faults = faultInjectors({
      config,
      controlPlane,
      clock: () => Promise.reject(new Error("no time passes here")),
      aftermath: new Aftermath(60),
    });
    const nodes = [node("a-0", "a", "zone-1"), node("a-1", "a", "zone-2"), node("b-0", "b", "zone-2")];
    for (const body of nodes) await core.createNode({ body });
  }, 120_000);
  afterAll(() => cluster.remove());

  const nodeNames = async () => (await core.listNode()).items.map(({ metadata }) => metadata?.name).sort();
  const pods = async (name: string) =>
    (await core.listNamespacedPod({ namespace, labelSelector: `job-name=${name}` })).items;
  const isDone = async (name: string) => (await batch.readNamespacedJob({ name, namespace })).status?.succeeded === 1;
  const running = (name: string) =>
    eventually(`${name} runs`, async () => (await pods(name)).find(({ status }) => status?.phase === "Running"));

  test("a lost node takes its pods with it, the Job makes others, and the machine is replaced", async () => {
    await batch.createNamespacedJob({ namespace, body: job("lost", "b", "succeed after=1s") });
    await batch.createNamespacedJob({ namespace, body: job("long", "b", "run") });
    const { metadata } = await running("long");
    await eventually("the short one is done", () => isDone("lost"));
    expect(await faults.nodeLost.inject({ at: 0, kind: "nodeLost", pool: "b" })).toEqual({
      did: "node b-0 is gone, with 1 pod",
      nodes: ["b-0"],
    });
    expect(await nodeNames()).toEqual(["a-0", "a-1"]);
    // What had ended is not lost.
    expect(await isDone("lost")).toBe(true);
    await eventually("the machine is replaced", async () => (await nodeNames()).includes("b-0"));
    const again = await running("long");
    expect(again.metadata?.uid).not.toBe(metadata?.uid);
    const { status } = await batch.readNamespacedJob({ name: "long", namespace });
    expect(status?.failed).toBe(1);
  });

  test("a node that is taken back ends its pods at the notice, and is gone after it", async () => {
    const { metadata } = await running("long");
    const effect = await faults.spotInterruption.inject({ at: 0, kind: "spotInterruption", pool: "b", notice: 120 });
    expect(effect).toEqual({ did: "node b-0 was given notice, and is gone 120 s later", nodes: ["b-0"] });
    expect((await core.readNode({ name: "b-0" })).spec?.unschedulable).toBe(true);
    await eventually("the pod has gone", async () =>
      (await pods("long")).every(({ metadata: each }) => each?.uid !== metadata?.uid),
    );
    await eventually("the node is gone", async () => !(await nodeNames()).includes("b-0"));
    await eventually("another has come", async () => (await nodeNames()).includes("b-0"));
    await running("long");
  });

  test("a zone that is down takes its nodes and none of other zones, where machines take their place, also those lost before", async () => {
    await core.createNode({ body: node("a-2", "a", "zone-2") });
    await faults.nodeLost.inject({ at: 0, kind: "nodeLost", node: "a-2" });
    const effect = await faults.zoneDown.inject({ at: 0, kind: "zoneDown", zone: "zone-2" });
    expect(effect).toEqual({ did: "2 nodes of the zone zone-2 are gone, with 1 pod", nodes: ["a-1", "b-0"] });
    expect(await nodeNames()).toEqual(["a-0"]);
    await eventually("the machines are replaced", async () => (await nodeNames()).length === 4);
    const zones = (await core.listNode()).items.map(
      ({ metadata }) => metadata?.labels?.["topology.kubernetes.io/zone"],
    );
    expect(zones).toEqual(["zone-1", "zone-1", "zone-1", "zone-1"]);
    await core.deleteNode({ name: "a-2" });
  });

  test("an image that never comes keeps pods pending, and says so", async () => {
    await faults.imageMissing.inject({ at: 0, kind: "imageMissing", name: "stuck" });
    await batch.createNamespacedJob({ namespace, body: job("stuck", "a", "succeed") });
    await batch.createNamespacedJob({ namespace, body: job("other", "a", "succeed") });
    const stuck = await eventually("the pod waits", async () =>
      (await pods("stuck")).find(({ status }) => status?.containerStatuses?.[0]?.state?.waiting),
    );
    expect(stuck.status?.phase).toBe("Pending");
    expect(stuck.status?.containerStatuses?.[0]?.state?.waiting).toEqual({
      reason: "ImagePullBackOff",
      message: 'Back-off pulling image "registry.test/train:1"',
    });
    await eventually("others run", () => isDone("other"));
  });

  test.each(["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const)(
    "a killed %s starts again, and what runs then ends well",
    async (process) => {
      const name = `during-${process}`;
      await batch.createNamespacedJob({ namespace, body: job(name, "a", "succeed after=2s") });
      const effect = await faults.processKilled.inject({ at: 0, kind: "processKilled", process });
      expect(effect).toEqual({ did: `${process} was killed, and has started again` });
      await eventually("it is done", () => isDone(name).catch(() => false), 100_000);
    },
  );

  test.each([
    [
      "a pool without nodes",
      () => faults.nodeLost.inject({ at: 0, kind: "nodeLost", pool: "c" }),
      "the pool c has no node that could be lost",
    ],
    [
      "a node that is not there",
      () => faults.nodeLost.inject({ at: 0, kind: "nodeLost", node: "c-0" }),
      "there is no node c-0",
    ],
    [
      "a zone without nodes",
      () => faults.zoneDown.inject({ at: 0, kind: "zoneDown", zone: "zone-9" }),
      "no node is in the zone zone-9",
    ],
    [
      "a part without a controller",
      () => faults.operatorKilled.inject({ at: 0, kind: "operatorKilled", part: "keda" }),
      "the part keda has no controller that runs",
    ],
    [
      "a controller that does not run",
      () => faults.operatorKilled.inject({ at: 0, kind: "operatorKilled", part: "kueue" }),
      "no controller of the part kueue runs",
    ],
    [
      "webhooks that are not there",
      () => faults.webhookUnreachable.inject({ at: 0, kind: "webhookUnreachable", part: "kueue", for: 60 }),
      "the part kueue has no webhooks",
    ],
    [
      "a process that does not run",
      () => faults.processKilled.inject({ at: 0, kind: "processKilled", process: "supervisor" }),
      "supervisor does not run",
    ],
  ])("%s is told, and nothing happens", async (_, inject, message) => {
    await expect(inject()).rejects.toThrow(message);
  });
});
