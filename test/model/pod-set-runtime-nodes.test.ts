import { describe, expect, it } from "vitest";
import { containersOf, pathInContainer, pathInPodSet, podSetsOf, type PodSet } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import type { Tree, TreeObject } from "../../components/model/tree";
import { model, runtime, service } from "./serving-runtimes";

describe("a model that is spread over nodes", () => {
  const gpus = (requests: Tree, type = "nvidia.com/gpu"): TreeObject =>
    requests === undefined ? {} : { requests: { [type]: requests } };

  function spread(
    head: Tree,
    worker: Tree,
    sizes: TreeObject = {},
    annotations: TreeObject = {},
    own: TreeObject = {},
  ) {
    const workerSpec = {
      containers: [{ name: "worker-container", image: "w:1", resources: gpus(worker) }],
      tolerations: [{ key: "gpu" }],
      ...sizes,
    };
    const containers = [{ name: "kserve-container", resources: gpus(head) }];
    return podSetsOf(service({ ...model(), workerSpec: own, minReplicas: 2 }), [
      runtime("a", { containers, workerSpec, annotations }),
    ]);
  }

  function gpusOf(set: PodSet | undefined): Tree[] {
    return containersOf(set!).map(({ container }) => container.resources);
  }

  const both = (count: number) => [{ limits: { "nvidia.com/gpu": count }, requests: { "nvidia.com/gpu": count } }];

  it.each<
    [
      name: string,
      head: Tree,
      worker: Tree,
      pipeline: number,
      tensor: number,
      workers: number,
      head: number,
      worker: number,
    ]
  >([
    ["as many nodes as its GPUs need", 8, 8, 2, 8, 1, 8, 8],
    ["a head with what the others leave", undefined, 4, 3, 2, 1, 2, 4],
    ["the head alone, where that has enough", 8, 2, 2, 4, 0, 8, 0],
    ["the head alone, where one worker would have enough", undefined, 8, 2, 4, 0, 8, 0],
    ["workers of one GPU each, where only the head asks for some", 4, undefined, 2, 4, 4, 4, 1],
    ["no workers, where only the head asks for some and has enough", 8, undefined, 2, 4, 0, 8, 1],
    ["a node for each GPU, where neither asks for any", undefined, undefined, 2, 2, 3, 1, 1],
    ["amounts that are written as text", "8", "4", 3, 4, 2, 8, 4],
  ])("has %s", (_name, head, worker, pipelineParallelSize, tensorParallelSize, workers, headGpus, workerGpus) => {
    const sets = spread(head, worker, { pipelineParallelSize, tensorParallelSize });
    expect(sets.map(({ role, count, minCount, gang }) => [role, count, minCount, gang])).toEqual([
      ["predictor", 2, 1, "spec.predictor"],
      ["worker", workers, Math.max(1, workers), "spec.predictor"],
    ]);
    expect([gpusOf(sets[0]), gpusOf(sets[1])]).toEqual([both(headGpus), both(workerGpus)]);
  });

  it.each<[name: string, head: Tree, worker: Tree, sizes: TreeObject]>([
    ["KServe refuses as too few GPUs", 1, 4, { pipelineParallelSize: 2, tensorParallelSize: 4 }],
    ["the head's are not known", UNKNOWN, 4, {}],
    ["the workers' are not known", 4, UNKNOWN, {}],
    ["an amount is none", 4, -1, {}],
    ["the sizes are not known", 4, 4, { pipelineParallelSize: UNKNOWN }],
  ])("is left as the service describes it where %s", (_name, head, worker, sizes) => {
    expect(spread(head, worker, sizes).map(({ completedBy }) => completedBy)).toEqual([
      "spec.predictor.model",
      "spec.predictor.model.runtime",
    ]);
  });

  it("has a node for each part of its pipeline where plain processes talk to each other", () => {
    const sets = spread(
      1,
      1,
      { pipelineParallelSize: 3, tensorParallelSize: 8 },
      { "multinode/executor-backend": "mp" },
    );
    expect(sets.map(({ count }) => count)).toEqual([2, 2]);
    expect(sets.map(gpusOf)).toEqual([both(8), both(8)]);
  });

  it("is one part on one node where nobody says how many", () => {
    expect(spread(1, 1).map(({ count }) => count)).toEqual([2, 0]);
  });

  it("has the sizes and workers of the service before those of the runtime", () => {
    const containers = [{ name: "worker-container", image: "own:1", resources: { limits: { cpu: 1 } } }];
    const own = { pipelineParallelSize: 4, containers, nodeSelector: { pool: "gpu" } };
    const sets = spread(8, 8, { pipelineParallelSize: 2, tensorParallelSize: 8, labels: { w: "1" } }, {}, own);
    const worker = sets[1]!;
    expect(worker).toMatchObject({ path: "spec.predictor.workerSpec", count: 3, minCount: 3 });
    expect(worker.template.spec).toMatchObject({ tolerations: [{ key: "gpu" }], nodeSelector: { pool: "gpu" } });
    expect(worker.template.metadata.labels).toMatchObject({ w: "1", app: "isvc.net-predictor-worker" });
    expect(containersOf(worker)).toMatchObject([
      {
        path: "spec.predictor.workerSpec.containers[0]",
        container: { image: "own:1", resources: { limits: { cpu: 1 } } },
      },
    ]);
    const at = "spec.predictor.model.modelFormat#spec.workerSpec";
    expect(pathInPodSet(worker, "spec.tolerations")).toBe(`${at}.tolerations`);
    expect(pathInPodSet(worker, "spec.nodeSelector.pool")).toBe("spec.predictor.workerSpec.nodeSelector.pool");
    expect(pathInContainer(containersOf(worker)[0]!, "resources.requests")).toBe(
      `${at}.containers[0].resources.requests`,
    );
  });

  it("has GPUs of the type that it names, by its limits or its requests", () => {
    const workerSpec = {
      containers: [{ name: "worker-container", resources: { limits: { "nvidia.com/gpu": 0, "intel.com/gpu": 2 } } }],
      tensorParallelSize: 2,
    };
    const containers = [{ name: "kserve-container", resources: gpus(2, "amd.com/gpu") }];
    const sets = podSetsOf(service({ ...model(), workerSpec: {} }), [runtime("a", { containers, workerSpec })]);
    expect(sets.map(gpusOf)).toEqual([
      [{ limits: { "amd.com/gpu": 2 }, requests: { "amd.com/gpu": 2 } }],
      [{ limits: { "nvidia.com/gpu": 0, "intel.com/gpu": 1 }, requests: { "intel.com/gpu": 1 } }],
    ]);
  });
});
