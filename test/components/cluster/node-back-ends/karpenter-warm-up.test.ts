import { BatchV1Api, CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PoolSchedule, type PoolShape, simulatedNodeManifest } from "../../../../components";
import { warmUpManifest, warmUpName } from "../../../../components/cluster/node-back-ends/karpenter/warm-up";
import { POOL_LABEL } from "../../../../components/model";
import { eventually, TestCluster } from "../../../support/cluster";
import { expectGolden, toYaml } from "../../../support/golden";
import { planOf } from "./eks-plans";

const nightly = {
  name: "nightly",
  days: ["monday" as const],
  from: "22:30",
  to: "04:00",
  timeZone: "Europe/Berlin",
  nodes: 2,
};
const { shape } = planOf({ instanceType: "g5.12xlarge", maxNodes: 2 });

describe("warmUpManifest", () => {
  it("karpenter-warm-up.yaml", () => {
    expectGolden("karpenter-warm-up.yaml", toYaml(warmUpManifest(shape, nightly)));
  });

  it("keeps names within what Kubernetes allows, and apart", () => {
    const long = (end: string) => `${"n".repeat(60)}${end}`;
    const [one, other] = ["a", "b"].map((end) =>
      warmUpManifest({ ...shape, name: long(end) }, { ...nightly, name: long(end) }),
    );
    expect(one!.metadata.name).toHaveLength(52);
    expect(one!.metadata.namespace).toHaveLength(63);
    expect(one!.metadata.name).not.toBe(other!.metadata.name);
    expect(one!.metadata.namespace).not.toBe(other!.metadata.namespace);
  });
});

describe("a schedule on a cluster", { timeout: 100_000 }, () => {
  // Each behaviour has a pool of its own, so that two can be shown while the third waits for its minute.
  const [onTime, busy, brief] = ["on-time", "busy", "brief"].map(
    (name) => planOf({ instanceType: "g5.12xlarge", maxNodes: 2 }, name).shape,
  ) as [PoolShape, PoolShape, PoolShape];
  let cluster: TestCluster;
  let start: Date;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await createPool(onTime);
    start = nextMinute();
    await cluster.create(simulated(warmUpManifest(onTime, { name: "soon", ...hoursFrom(start), nodes: 2 })));
    for (const pool of [busy, brief]) await createPool(pool);
  });
  afterAll(() => cluster.remove());

  async function createPool(pool: PoolShape): Promise<void> {
    const name = warmUpName(pool);
    const enforce = { "pod-security.kubernetes.io/enforce": "restricted" };
    await cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: enforce } });
    await cluster.create({
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name },
      value: -10,
      preemptionPolicy: "Never",
    });
    for (const index of [0, 1]) await cluster.create(simulatedNodeManifest(pool, index));
  }

  /** Starts the Job of a schedule whose time is hours away, as its CronJob would. */
  async function startEarly(pool: PoolShape, jobChange: object = {}): Promise<void> {
    const manifest = simulated(warmUpManifest(pool, { name: "later", ...hoursFrom(inHalfADay()), nodes: 2 }));
    await cluster.create(manifest);
    const { name, namespace } = manifest.metadata;
    const cronJob = await cluster.api(BatchV1Api).readNamespacedCronJob({ name, namespace });
    const owner = { apiVersion: "batch/v1", kind: "CronJob", name, uid: cronJob.metadata!.uid!, controller: true };
    const { metadata, spec } = manifest.spec.jobTemplate;
    await cluster.create({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { ...metadata, name, namespace, ownerReferences: [owner] },
      spec: { ...spec, ...jobChange },
    });
  }

  const podsIn = async (where: string) => (await cluster.api(CoreV1Api).listNamespacedPod({ namespace: where })).items;
  const running = (pods: V1Pod[]) =>
    pods.filter(({ status, metadata }) => status?.phase === "Running" && metadata?.deletionTimestamp === undefined);
  const nodesOf = (pods: V1Pod[]) => pods.map(({ spec }) => spec?.nodeName).sort();
  const placeholders = (pool: PoolShape, timeoutMilliseconds?: number) =>
    eventually(
      "two placeholders run",
      async () => {
        const pods = running(await podsIn(warmUpName(pool)));
        return pods.length === 2 && pods;
      },
      timeoutMilliseconds,
    );

  it("is gone once its hours are over, with all that it made", async () => {
    await startEarly(brief, { activeDeadlineSeconds: 10 });
    await placeholders(brief);
    const namespace = warmUpName(brief);
    await eventually("no placeholder and no Job is left", async () => {
      const { items } = await cluster.api(BatchV1Api).listNamespacedJob({ namespace });
      return items.length === 0 && (await podsIn(namespace)).length === 0;
    });
  });

  it("makes way for work at once, and does not come back", async () => {
    await startEarly(busy);
    await placeholders(busy);
    await cluster.create({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "work", namespace: "default" },
      spec: {
        template: {
          metadata: { annotations: { "mlstack.dev/simulate": "succeed after=3s" } },
          spec: {
            restartPolicy: "Never",
            nodeSelector: { [POOL_LABEL]: busy.name },
            tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
            containers: [
              { name: "main", image: "example.test/train:1", resources: { limits: { "nvidia.com/gpu": "4" } } },
            ],
          },
        },
      },
    });
    await eventually("the work is done", async () => {
      const job = await cluster.api(BatchV1Api).readNamespacedJob({ name: "work", namespace: "default" });
      return job.status?.succeeded === 1;
    });
    const [work] = await podsIn("default");
    const left = await podsIn(warmUpName(busy));
    expect(left.filter(({ status }) => status?.phase === "Pending")).toEqual([]);
    expect(running(left)).toHaveLength(1);
    expect(nodesOf([...running(left), work!])).toEqual(["busy-0", "busy-1"]);
  });

  it("puts a placeholder on each node at its time", async () => {
    const pods = await placeholders(onTime, 75_000);
    expect(Math.min(...pods.map(({ metadata }) => metadata!.creationTimestamp!.getTime()))).toBeGreaterThanOrEqual(
      start.getTime(),
    );
    expect(nodesOf(pods)).toEqual(["on-time-0", "on-time-1"]);
    const namespace = warmUpName(onTime);
    const { status } = await cluster.api(BatchV1Api).readNamespacedCronJob({ name: "soon", namespace });
    expect(status?.lastScheduleTime).toEqual(start);
  });
});

/** Pods that may end do so after a second on this cluster, and a pause container never does. */
function simulated(manifest: ReturnType<typeof warmUpManifest>) {
  manifest.spec.jobTemplate.spec.template.metadata = { annotations: { "mlstack.dev/simulate": "run" } };
  return manifest;
}

/** The next full minute, but for one that is almost over when the cluster hears of it. */
function nextMinute(): Date {
  return new Date(Math.ceil((Date.now() + 2000) / 60_000) * 60_000);
}

function inHalfADay(): Date {
  return new Date(Date.now() + 12 * 3_600_000);
}

/** Hours in UTC from a time to midnight. */
function hoursFrom(start: Date): Pick<PoolSchedule, "from" | "to"> {
  const from = start.toISOString().slice(11, 16);
  return { from, to: from === "00:00" ? "00:01" : "00:00" };
}
