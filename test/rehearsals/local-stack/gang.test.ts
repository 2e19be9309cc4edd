import { afterAll, describe, expect, test } from "vitest";
import { gpuJobManifest, trainJobManifest } from "../../../components";
import { eventually } from "../../support/cluster";
import { sharedStack } from "./stack";

const namespace = "gangs";
const trainer = { group: "trainer.kubeflow.org", version: "v1alpha1", namespace, plural: "trainjobs" };

interface TrainJobStatus {
  status?: { conditions?: { type: string; status: string }[] };
}

describe("a training on two nodes of four GPUs, in a queue of eight", () => {
  const stack = sharedStack();
  afterAll(async () => {
    await stack.batch.deleteCollectionNamespacedJob({ namespace, propagationPolicy: "Background" });
  });

  /** GPUs that pods of a job have on nodes, by the job. */
  async function gpusInUse(): Promise<Record<string, number>> {
    const { items } = await stack.core.listNamespacedPod({ namespace });
    const used: Record<string, number> = {};
    for (const { metadata, spec, status } of items) {
      if (spec?.nodeName === undefined || ["Succeeded", "Failed"].includes(status?.phase ?? "")) continue;
      const labels = metadata?.labels ?? {};
      const job = labels["jobset.sigs.k8s.io/jobset-name"] ?? labels["job-name"] ?? "";
      const gpus = Number(spec.containers[0]?.resources?.limits?.["nvidia.com/gpu"] ?? 0);
      used[job] = (used[job] ?? 0) + gpus;
    }
    return used;
  }

  const conditions = async () => {
    const job = (await stack.custom.getNamespacedCustomObject({ ...trainer, name: "resnet" })) as TrainJobStatus;
    return Object.fromEntries((job.status?.conditions ?? []).map(({ type, status }) => [type, status]));
  };

  test("waits with no pod at all until it fits whole, and then has both at once", async () => {
    const common = { namespace, queue: "default", pool: "a10g", activeDeadlineSeconds: 3600, runAsUser: 1000 };
    const image = "registry.example.com/train:1";
    const first = { ...common, image, gpus: 4, annotations: { "mlstack.dev/simulate": "succeed after=8s" } };
    await stack.create(gpuJobManifest("first", first));
    await eventually("the first has its GPUs", async () => (await gpusInUse())["first"] === 4);

    const annotations = { "mlstack.dev/simulate": "succeed after=3s" };
    await stack.create(trainJobManifest("resnet", { ...common, image, nodes: 2, gpus: 4, annotations }));
    await eventually("it is suspended", async () => (await conditions())["Suspended"] === "True");

    const seen: Record<string, number>[] = [];
    await eventually(
      "it is complete",
      async () => {
        seen.push(await gpusInUse());
        return (await conditions())["Complete"] === "True";
      },
      120_000,
    );
    const waiting = seen.filter(({ first: gpus }) => gpus === 4);
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.every(({ resnet }) => resnet === undefined)).toBe(true);
    expect(Math.max(...seen.map(({ resnet = 0 }) => resnet))).toBe(8);
    expect(Math.max(...seen.map((used) => Object.values(used).reduce((sum, gpus) => sum + gpus, 0)))).toBe(8);
  });
});
