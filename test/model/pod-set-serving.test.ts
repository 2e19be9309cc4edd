import { describe, expect, it } from "vitest";
import { containersOf, pathInContainer, pathInPodSet, podSetsOf, type PodSet } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import type { Tree, TreeObject } from "../../components/model/tree";

const template = { spec: { containers: [{ name: "main" }] } };

function serving(kind: string, spec: Tree, metadata: TreeObject = {}): TreeObject {
  return { apiVersion: "serving.kserve.io/v1", kind, metadata, spec };
}

type Size = [path: string, role: string | undefined, count: number | undefined, minCount: number];

function sizes(object: Tree): Size[] {
  return podSetsOf(object).map(({ path, role, count, minCount }) => [path, role, count, minCount]);
}

describe("InferenceService", () => {
  it("has the pods of each component", () => {
    const component = { containers: [{ name: "kserve-container" }] };
    const object = serving("InferenceService", {
      predictor: { ...component, minReplicas: 2, maxReplicas: 5 },
      transformer: { ...component, minReplicas: 3 },
      explainer: component,
    });
    expect(sizes(object)).toEqual([
      ["spec.predictor", "predictor", 5, 1],
      ["spec.transformer", "transformer", 3, 1],
      ["spec.explainer", "explainer", 1, 1],
    ]);
  });

  it("has a pod as it is written, and nothing that belongs to the component", () => {
    const predictor = {
      minReplicas: 1,
      labels: { a: "1" },
      tolerations: [{ key: "gpu" }],
      containers: [{ name: "kserve-container", image: "a:1" }],
    };
    const [set] = podSetsOf(serving("InferenceService", { predictor }));
    expect(set!.template).toEqual({
      metadata: { labels: { a: "1" } },
      spec: { tolerations: [{ key: "gpu" }], containers: [{ name: "kserve-container", image: "a:1" }] },
    });
    expect(set!.completedBy).toBeUndefined();
    expect(pathInPodSet(set!, "spec.tolerations")).toBe("spec.predictor.tolerations");
    expect(pathInPodSet(set!, "metadata.labels")).toBe("spec.predictor.labels");
    expect(containersOf(set!)[0]!.path).toBe("spec.predictor.containers[0]");
  });

  it("takes what a model says nothing of from its runtime, so that this is unknown", () => {
    const model = { modelFormat: { name: "huggingface" }, runtime: "a", storageUri: "s3://a/b", args: ["-v"] };
    const predictor = { model, nodeSelector: { pool: "gpu" }, containers: [{ name: "proxy" }] };
    const [set] = podSetsOf(serving("InferenceService", { predictor }));
    expect(set!.completedBy).toBe("spec.predictor.model");
    expect(set!.template.spec).toEqual({
      tolerations: UNKNOWN,
      nodeSelector: { pool: "gpu" },
      affinity: UNKNOWN,
      containers: [{ name: "proxy" }, { name: "kserve-container", args: ["-v"], resources: UNKNOWN }],
    });
    expect(containersOf(set!).map(({ path }) => path)).toEqual([
      "spec.predictor.containers[0]",
      "spec.predictor.model",
    ]);
    expect(pathInContainer(containersOf(set!)[1]!, "resources.limits")).toBe("spec.predictor.model.resources.limits");
  });

  it.each([
    "sklearn",
    "xgboost",
    "tensorflow",
    "pytorch",
    "triton",
    "onnx",
    "huggingface",
    "pmml",
    "lightgbm",
    "paddle",
  ])("runs a server of its own for %s", (server) => {
    const resources = { limits: { cpu: "1" } };
    const [set] = podSetsOf(serving("InferenceService", { predictor: { [server]: { resources } } }));
    expect(containersOf(set!)).toEqual([
      { path: `spec.predictor.${server}`, container: { name: "kserve-container", resources } },
    ]);
  });

  it("has further nodes for one replica of a model that is spread over several", () => {
    const workerSpec = { pipelineParallelSize: 3, tensorParallelSize: 8, containers: [{ name: "worker-container" }] };
    const object = serving("InferenceService", { predictor: { model: {}, workerSpec, minReplicas: 2 } });
    expect(sizes(object)).toEqual([
      ["spec.predictor", "predictor", 2, 1],
      ["spec.predictor.workerSpec", "worker", 2, 2],
    ]);
    const [head, worker] = podSetsOf(object);
    expect([head!.gang, worker!.gang]).toEqual(["spec.predictor", "spec.predictor"]);
    expect(containersOf(worker!)[0]!.path).toBe("spec.predictor.workerSpec.containers[0]");
  });

  it("leaves open over how many nodes where only the runtime says so", () => {
    const [, worker] = podSetsOf(serving("InferenceService", { predictor: { model: {}, workerSpec: {} } }));
    expect(worker).toMatchObject({ count: undefined, minCount: 1 });
  });

  it.each<[name: string, predictor: TreeObject, mode: string | undefined, count: number | undefined]>([
    ["the minimum, without a maximum", { minReplicas: 3 }, undefined, 3],
    ["one, where it says nothing", {}, undefined, 1],
    ["the maximum", { minReplicas: 0, maxReplicas: 4 }, undefined, 4],
    ["no known number, with Knative and without a maximum", { minReplicas: 3 }, "Knative", undefined],
    ["no known number, with the older name of that", {}, "Serverless", undefined],
    ["the maximum, with Knative", { maxReplicas: 4 }, "Knative", 4],
    ["no known number, where the maximum is open", { maxReplicas: UNKNOWN }, undefined, undefined],
  ])("has as many replicas: %s", (_name, predictor, mode, count) => {
    const annotations = { "serving.kserve.io/deploymentMode": mode };
    expect(sizes(serving("InferenceService", { predictor }, { annotations }))).toEqual([
      ["spec.predictor", "predictor", count, 1],
    ]);
  });

  it("has canaries, which are the predictor with some changes and their share of its replicas", () => {
    const predictor = { minReplicas: 3, maxReplicas: 9, nodeSelector: { pool: "gpu" }, model: { args: ["-v"] } };
    const canary = [
      { trafficPercent: 10, predictor: { name: "next", model: { image: "b:2" } } },
      { trafficPercent: 50, predictor: { name: "other", minReplicas: 7 } },
    ];
    const object = serving("InferenceService", { predictor, canary });
    expect(sizes(object).slice(1)).toEqual([
      ["spec.canary[0].predictor", "canary", 1, 1],
      ["spec.canary[1].predictor", "canary", 7, 1],
    ]);
    expect(podSetsOf(object)[1]!.template.spec).toMatchObject({
      nodeSelector: { pool: "gpu" },
      containers: [{ name: "kserve-container", image: "b:2", args: ["-v"] }],
    });
  });

  it("keeps components and models that are not known yet", () => {
    const object = serving("InferenceService", { predictor: UNKNOWN, transformer: { model: UNKNOWN } });
    const [predictor, transformer] = podSetsOf(object);
    expect(predictor).toMatchObject({ path: "spec.predictor", isUnknown: true });
    expect(transformer!.template.spec.containers).toEqual([UNKNOWN]);
  });
});

describe("other kinds of KServe", () => {
  it.each(["ServingRuntime", "ClusterServingRuntime"])("%s runs nothing by itself", (kind) => {
    const containers = [{ name: "kserve-container", image: "a:1" }];
    const spec = {
      supportedModelFormats: [],
      containers,
      tolerations: [],
      workerSpec: { containers, pipelineParallelSize: 2 },
    };
    const sets = podSetsOf(serving(kind, spec));
    expect(sizes(serving(kind, spec))).toEqual([
      ["spec", "server", 0, 1],
      ["spec.workerSpec", "worker", 0, 1],
    ]);
    expect(sets.map((set) => set.template.spec)).toEqual([{ containers, tolerations: [] }, { containers }]);
    expect(sets.flatMap(containersOf).map(({ path }) => path)).toEqual([
      "spec.containers[0]",
      "spec.workerSpec.containers[0]",
    ]);
  });

  it("ClusterStorageContainer goes into the pods of others", () => {
    const sets = podSetsOf(serving("ClusterStorageContainer", { container: { name: "storage-initializer" } }));
    expect(sets).toMatchObject([{ count: 0 }]);
    expect(containersOf(sets[0]!)).toEqual([{ path: "spec.container", container: { name: "storage-initializer" } }]);
  });

  it("InferenceGraph has a router", () => {
    const resources = { limits: { cpu: "1" } };
    const spec = { nodes: {}, minReplicas: 2, resources, tolerations: [{ key: "a" }] };
    const [set] = podSetsOf(serving("InferenceGraph", spec, { name: "graph" }));
    expect(set).toMatchObject({ role: "router", count: 2, template: { spec: { tolerations: [{ key: "a" }] } } });
    expect(containersOf(set!)).toEqual([{ path: "spec", container: { name: "graph", resources } }]);
    const amounts = { cpu: UNKNOWN, memory: UNKNOWN, "ephemeral-storage": UNKNOWN };
    const [bare] = podSetsOf(serving("InferenceGraph", { nodes: {} }));
    expect(containersOf(bare!)).toEqual([
      { path: "spec", container: { resources: { requests: amounts, limits: amounts } } },
    ]);
  });

  it.each<[name: string, spec: TreeObject, expected: Size[]]>([
    ["one workload", { replicas: 3, template: template.spec }, [["spec.template", "decode", 3, 1]]],
    [
      "workloads of their own for both phases, and a scheduler",
      {
        template: template.spec,
        prefill: { scaling: { minReplicas: 1, maxReplicas: 4 }, template: template.spec },
        router: { scheduler: { template: template.spec, replicas: 2 } },
      },
      [
        ["spec.template", "decode", 1, 1],
        ["spec.prefill.template", "prefill", 4, 1],
        ["spec.router.scheduler.template", "scheduler", 2, 1],
      ],
    ],
    [
      "further nodes for each part of a pipeline",
      { replicas: 2, parallelism: { pipeline: 3, tensor: 8 }, template: template.spec, worker: template.spec },
      [
        ["spec.template", "decode", 2, 1],
        ["spec.worker", "decode worker", 4, 2],
      ],
    ],
    [
      "further nodes for data parallelism",
      { parallelism: { data: 16, dataLocal: 8 }, template: template.spec, worker: template.spec },
      [
        ["spec.template", "decode", 1, 1],
        ["spec.worker", "decode worker", 1, 1],
      ],
    ],
  ])("LLMInferenceService has %s", (_name, spec, expected) => {
    expect(sizes(serving("LLMInferenceService", spec))).toEqual(expected);
    expect(podSetsOf(serving("LLMInferenceServiceConfig", spec)).map(({ count }) => count)).toEqual(
      expected.map(() => 0),
    );
  });

  it("LLMInferenceService may take from configurations where it runs", () => {
    const spec = { labels: { a: "1" }, template: template.spec };
    const [alone] = podSetsOf(serving("LLMInferenceService", spec));
    expect(alone!.template).toEqual({ metadata: { labels: { a: "1" } }, spec: template.spec });
    const [based] = podSetsOf(serving("LLMInferenceService", { ...spec, baseRefs: [{ name: "a" }] }));
    expect(based!.template.spec).toMatchObject({ tolerations: UNKNOWN });
    expect([alone!, based!].map(({ completedBy }) => completedBy)).toEqual(["spec.baseRefs", "spec.baseRefs"]);
  });

  it("LLMInferenceService takes from configurations what its scheduler lacks", () => {
    const router = { scheduler: { template: template.spec } };
    const [alone] = podSetsOf(serving("LLMInferenceService", { router }));
    expect(alone).toMatchObject({ completedBy: "spec.baseRefs", template: { spec: template.spec } });
    const [based] = podSetsOf(serving("LLMInferenceService", { router, baseRefs: [{ name: "a" }] }));
    expect(based!.template.spec).toMatchObject({ tolerations: UNKNOWN });
  });
});

describe("notebooks and other services", () => {
  const notebook = { apiVersion: "kubeflow.org/v1", kind: "Notebook", spec: { template } };

  it("Notebook has one pod, and none while it is stopped", () => {
    const annotations = { "kubeflow-resource-stopped": "2026-01-01T00:00:00Z" };
    expect(sizes(notebook)).toEqual([["spec.template", undefined, 1, 1]]);
    expect(sizes({ ...notebook, metadata: { annotations } })).toEqual([["spec.template", undefined, 0, 1]]);
  });

  it("PVCViewer has one pod", () => {
    const object = { apiVersion: "kubeflow.org/v1alpha1", kind: "PVCViewer", spec: { podSpec: template.spec } };
    const [set] = podSetsOf(object);
    expect(set).toMatchObject({ path: "spec.podSpec", count: 1, template: { spec: template.spec } });
    expect(containersOf(set!)[0]!.path).toBe("spec.podSpec.containers[0]");
  });

  it("PodDefault adds to the pods of others", () => {
    const spec = { sidecars: [{ name: "a" }], initContainers: [{ name: "b" }], tolerations: [{ key: "c" }], env: [] };
    const [set] = podSetsOf({ apiVersion: "kubeflow.org/v1alpha1", kind: "PodDefault", spec });
    expect(set).toMatchObject<Partial<PodSet>>({
      count: 0,
      template: { metadata: {}, spec: { tolerations: [{ key: "c" }] } },
    });
    expect(containersOf(set!).map(({ path }) => path)).toEqual(["spec.initContainers[0]", "spec.sidecars[0]"]);
  });

  it.each<[scale: TreeObject, count: number | undefined]>([
    [{ "autoscaling.knative.dev/max-scale": "5" }, 5],
    [{ "autoscaling.knative.dev/maxScale": 3 }, 3],
    [{ "autoscaling.knative.dev/max-scale": "0" }, undefined],
    [{}, undefined],
  ])("Service of Knative has as many pods as %j allows", (annotations, count) => {
    const spec = { template: { metadata: { annotations }, ...template } };
    expect(sizes({ apiVersion: "serving.knative.dev/v1", kind: "Service", spec })).toEqual([
      ["spec.template", undefined, count, 1],
    ]);
    expect(podSetsOf({ apiVersion: "v1", kind: "Service", spec })).toEqual([]);
  });
});
