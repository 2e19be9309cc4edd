import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gpuJobManifest, trainJobManifest } from "../../../components";
import { eventually } from "../../support/cluster";
import { JobHistory } from "./job-history";
import { sharedStack } from "./stack";

const namespace = "gangs";
const trainer = { group: "trainer.kubeflow.org", version: "v1alpha1", namespace, plural: "trainjobs" };

/** The Job that JobSet makes of the training. */
const GANG = "resnet-node-0";

interface TrainJobStatus {
  status?: { conditions?: { type: string; status: string }[] };
}

describe("a training on two nodes of four GPUs, in a queue of eight", () => {
  const stack = sharedStack();
  let history: JobHistory;
  beforeAll(async () => {
    history = await JobHistory.start(stack.config, namespace);
  });
  afterAll(async () => {
    await history.stop();
    await stack.batch.deleteCollectionNamespacedJob({ namespace, propagationPolicy: "Background" });
  });

  const conditions = async () => {
    const job = (await stack.custom.getNamespacedCustomObject({ ...trainer, name: "resnet" })) as TrainJobStatus;
    return Object.fromEntries((job.status?.conditions ?? []).map(({ type, status }) => [type, status]));
  };

  test("waits with no pod at all until it fits whole, and then has both at once", async () => {
    const common = { namespace, queue: "default", pool: "a10g", activeDeadlineSeconds: 3600, runAsUser: 1000 };
    const image = "registry.example.com/train:1";
    // Long enough for Trainer and JobSet of a busy machine to make the Job that has to wait.
    const first = { ...common, image, gpus: 4, annotations: { "mlstack.dev/simulate": "succeed after=25s" } };
    await stack.create(gpuJobManifest("first", first));
    await eventually("the first runs", () => Promise.resolve(history.moments().at(-1)?.["first"]?.running === 1));

    const annotations = { "mlstack.dev/simulate": "succeed after=10s" };
    await stack.create(trainJobManifest("resnet", { ...common, image, nodes: 2, gpus: 4, annotations }));
    await eventually("it is suspended", async () => (await conditions())["Suspended"] === "True");
    await eventually("it is complete", async () => (await conditions())["Complete"] === "True", 120_000);

    const moments = history.moments().flatMap(({ first: alone, [GANG]: gang }) => (gang ? [{ alone, gang }] : []));
    const waiting = moments.filter(({ alone }) => alone?.pods === 1);
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.filter(({ gang }) => gang.pods > 0)).toEqual([]);
    expect(moments.filter(({ gang }) => gang.isSuspended && gang.pods > 0)).toEqual([]);
    // Both are there before either ends, and no third pod takes the place of one that was lost. When each of them is seen to
    // run is up to the simulated nodes, which are late on a busy machine.
    const there = moments.map(({ gang }) => gang.pods);
    expect(there.filter((pods, at) => pods !== there[at - 1])).toEqual([0, 1, 2, 1, 0]);
  });
});
