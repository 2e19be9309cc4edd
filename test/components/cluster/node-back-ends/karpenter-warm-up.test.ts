import { BatchV1Api, CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { simulatedNodeManifest } from "../../../../components";
import { warmUpManifest, warmUpName } from "../../../../components/cluster/node-back-ends/karpenter/warm-up";
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

describe("a schedule on a cluster", { timeout: 150_000 }, () => {
  const namespace = warmUpName(shape);
  /** Long enough for the tests, and shorter than any hours that can be written. */
  const activeDeadlineSeconds = 45;
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    const enforce = { "pod-security.kubernetes.io/enforce": "restricted" };
    await cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: enforce } });
    await cluster.create({
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: namespace },
      value: -10,
      preemptionPolicy: "Never",
    });
    for (const index of [0, 1]) await cluster.create(simulatedNodeManifest(shape, index));
  });
  afterAll(() => cluster.remove());

  const podsIn = async (where: string) => (await cluster.api(CoreV1Api).listNamespacedPod({ namespace: where })).items;
  const running = (pods: V1Pod[]) =>
    pods.filter(({ status, metadata }) => status?.phase === "Running" && metadata?.deletionTimestamp === undefined);
  const nodesOf = (pods: V1Pod[]) => pods.map(({ spec }) => spec?.nodeName).sort();

  it("puts a placeholder on each node at its time", async () => {
    const soon = new Date(Date.now() + 65_000).toISOString();
    const from = soon.slice(11, 16);
    const to = from === "00:00" ? "00:01" : "00:00";
    const manifest = warmUpManifest(shape, { name: "soon", from, to, nodes: 2 });
    const { jobTemplate } = manifest.spec;
    jobTemplate.spec.activeDeadlineSeconds = activeDeadlineSeconds;
    // Pods that may end do so after a second here, and a pause container never does.
    jobTemplate.spec.template.metadata = { annotations: { "mlstack.dev/simulate": "run" } };
    await cluster.create(manifest);

    const pods = await eventually(
      "two placeholders run",
      async () => {
        const pods = running(await podsIn(namespace));
        return pods.length === 2 && pods;
      },
      90_000,
    );
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(`${soon.slice(0, 16)}:00Z`));
    expect(nodesOf(pods)).toEqual(["train-0", "train-1"]);
  });

  it("makes way for work at once, and does not come back", async () => {
    await cluster.create({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "work", namespace: "default" },
      spec: {
        template: {
          metadata: { annotations: { "mlstack.dev/simulate": "succeed after=3s" } },
          spec: {
            restartPolicy: "Never",
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
    const left = await podsIn(namespace);
    expect(left.filter(({ status }) => status?.phase === "Pending")).toEqual([]);
    expect(running(left)).toHaveLength(1);
    expect(nodesOf([...running(left), work!])).toEqual(["train-0", "train-1"]);
  });

  it("is gone once its hours are over, with all that it made", async () => {
    await eventually(
      "no placeholder and no Job is left",
      async () => {
        const { items } = await cluster.api(BatchV1Api).listNamespacedJob({ namespace });
        return items.length === 0 && (await podsIn(namespace)).length === 0;
      },
      75_000,
    );
    const { status } = await cluster.api(BatchV1Api).readNamespacedCronJob({ name: "soon", namespace });
    expect(status?.lastScheduleTime).toBeInstanceOf(Date);
  });
});
