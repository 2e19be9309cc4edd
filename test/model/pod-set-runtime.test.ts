import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAllYaml } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { containersOf, pathInContainer, pathInPodSet, podSetsOf, type PodSet } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import { arrayAt, childAt, nodeAt, type Tree, type TreeObject } from "../../components/model/tree";
import { hasUpstream, upstreamFolder } from "../support/platform-mirror";

const GROUP = "serving.kserve.io/v1alpha1";

function runtime(name: string, spec: TreeObject = {}, namespace?: string): TreeObject {
  return {
    apiVersion: GROUP,
    kind: namespace === undefined ? "ClusterServingRuntime" : "ServingRuntime",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      supportedModelFormats: [{ name: "onnx", version: "1", autoSelect: true, priority: 1 }],
      containers: [{ name: "kserve-container", image: `${name}:1` }],
      ...spec,
    },
  };
}

function service(predictor: Tree, metadata: TreeObject = { name: "net", namespace: "ml" }): TreeObject {
  return { apiVersion: "serving.kserve.io/v1beta1", kind: "InferenceService", metadata, spec: { predictor } };
}

function model(fields: TreeObject = {}): TreeObject {
  return { model: { modelFormat: { name: "onnx" }, ...fields } };
}

/** The image of the server, which tells the runtime; undefined where none is followed. */
function imageFor(predictor: TreeObject, others: TreeObject[]): Tree {
  const [set] = podSetsOf(service(predictor), others);
  return set!.completedBy === undefined ? containersOf(set!)[0]!.container.image : undefined;
}

function format(fields: TreeObject): TreeObject {
  return { supportedModelFormats: [{ name: "onnx", autoSelect: true, ...fields }] };
}

describe("the runtime of a model", () => {
  it.each<[name: string, fields: TreeObject, others: TreeObject[], image: Tree]>([
    ["named, in its namespace", { runtime: "a" }, [runtime("b"), runtime("a", {}, "ml")], "a:1"],
    ["named, of the cluster", { runtime: "b" }, [runtime("b"), runtime("a", {}, "ml")], "b:1"],
    [
      "named, of a namespace that is not told",
      { runtime: "a" },
      [{ ...runtime("a", {}, "ml"), metadata: { name: "a" } }],
      "a:1",
    ],
    ["none of another namespace", { runtime: "a" }, [runtime("a", {}, "other")], undefined],
    ["none of another name", { runtime: "a" }, [runtime("b")], undefined],
    ["none that is not known yet", { runtime: UNKNOWN }, [runtime("b")], undefined],
    [
      "named, though it would not choose itself",
      { runtime: "a" },
      [runtime("a", format({ autoSelect: false }))],
      "a:1",
    ],
    ["none that does not serve its format", { runtime: "a" }, [runtime("a", format({ name: "pmml" }))], undefined],
    ["none that is disabled", { runtime: "a" }, [runtime("a", { disabled: true })], undefined],
    [
      "named, where only its formats are not known",
      { runtime: "a" },
      [runtime("a", { supportedModelFormats: UNKNOWN })],
      "a:1",
    ],
    [
      "none that does not speak its protocol",
      { runtime: "a", protocolVersion: "v2" },
      [runtime("a", { protocolVersions: ["v1"] })],
      undefined,
    ],
    [
      "named, whatever it speaks, where the model wants no protocol",
      { runtime: "a" },
      [runtime("a", { protocolVersions: ["v2"] })],
      "a:1",
    ],
  ])("is the one that it names: %s", (_name, fields, others, image) => {
    expect(imageFor(model(fields), others)).toBe(image);
  });

  it.each<[name: string, others: TreeObject[], image: Tree]>([
    ["of its namespace before those of the cluster", [runtime("a"), runtime("b", {}, "ml")], "b:1"],
    ["not of another namespace", [runtime("a", {}, "other"), runtime("b")], "b:1"],
    ["of the highest priority", [runtime("a"), runtime("b", format({ priority: 2 }))], "b:1"],
    ["without a priority last", [runtime("a", format({})), runtime("b")], "b:1"],
    [
      "by the oldest protocol",
      [runtime("a", { protocolVersions: ["v2"] }), runtime("b", { protocolVersions: ["v2", "v1"] })],
      "b:1",
    ],
    [
      "with a protocol before those that name none",
      [runtime("a"), runtime("b", { protocolVersions: ["grpc-v2", "v1"] })],
      "b:1",
    ],
    ["by its name", [runtime("b"), runtime("a")], "a:1"],
    ["that chooses itself", [runtime("a", format({ autoSelect: false })), runtime("b")], "b:1"],
    ["that is not disabled", [runtime("a", { disabled: true }), runtime("b")], "b:1"],
    ["for one model at a time", [runtime("a", { multiModel: true }), runtime("b")], "b:1"],
    ["without workers", [runtime("a", { workerSpec: {} }), runtime("b")], "b:1"],
    ["that speaks the first protocol", [runtime("a", { protocolVersions: ["v2"] }), runtime("b")], "b:1"],
    ["for its format", [runtime("a", format({ name: "pmml" })), runtime("b")], "b:1"],
    ["or none", [runtime("a", format({ name: "pmml" }))], undefined],
    [
      "or none where it is open which one it will be",
      [runtime("a", format({ autoSelect: UNKNOWN })), runtime("b")],
      undefined,
    ],
    ["whatever is open of others in the cluster", [runtime("a", { disabled: UNKNOWN }), runtime("b", {}, "ml")], "b:1"],
    [
      "whatever is open of one that is none anyway",
      [runtime("a", { disabled: UNKNOWN, multiModel: true }), runtime("b")],
      "b:1",
    ],
  ])("is the best one, where it names none: %s", (_name, others, image) => {
    expect(imageFor(model(), others)).toBe(image);
  });

  it.each<[version: Tree, image: Tree]>([
    [undefined, "a:1"],
    [null, "a:1"],
    ["1", "a:1"],
    ["2", undefined],
    [UNKNOWN, undefined],
  ])("serves the version that the model names: %j", (version, image) => {
    expect(imageFor(model({ modelFormat: { name: "onnx", version } }), [runtime("a")])).toBe(image);
  });

  it.each<[predictor: TreeObject, protocol: string]>([
    [{ sklearn: {} }, "v1"],
    [{ xgboost: {} }, "v1"],
    [{ triton: {} }, "v2"],
    [{ onnx: {} }, "v2"],
    [{ huggingface: {} }, "v2"],
    [{ sklearn: { protocolVersion: "v2" } }, "v2"],
    [{ model: { modelFormat: { name: "onnx" } } }, "v1"],
    [{ model: { modelFormat: { name: "triton" } } }, "v2"],
    [{ model: { modelFormat: { name: "vLLM" } } }, "v2"],
  ])("speaks the protocol of %j: %s", (predictor, protocol) => {
    const names = ["sklearn", "xgboost", "triton", "onnx", "huggingface", "vLLM"];
    const supportedModelFormats = names.map((name) => ({ name, version: "1", autoSelect: true }));
    const runtimes = ["v1", "v2"].map((version) =>
      runtime(version, { supportedModelFormats, protocolVersions: [version] }),
    );
    expect(imageFor(predictor, runtimes)).toBe(`${protocol}:1`);
  });

  it("has workers where the predictor has some", () => {
    const worker = { containers: [{ name: "worker-container" }] };
    const others = [runtime("a"), runtime("b", { workerSpec: worker })];
    expect(imageFor({ ...model(), workerSpec: {} }, others)).toBe("b:1");
    expect(imageFor({ ...model(), workerSpec: UNKNOWN }, others)).toBeUndefined();
  });
});

describe("pods of a model beside its runtime", () => {
  const gpu = (count: number) => ({ "nvidia.com/gpu": count });

  function served(predictor: TreeObject, spec: TreeObject, metadata?: TreeObject): PodSet {
    const [set, ...more] = podSetsOf(service(predictor, metadata), [runtime("a", spec)]);
    expect(more).toEqual([]);
    expect(set!.completedBy).toBeUndefined();
    return set!;
  }

  const AT_RUNTIME = "spec.predictor.model.modelFormat#spec";

  it("are those of the runtime with what the predictor changes", () => {
    const spec = {
      nodeSelector: { zone: "a", disk: "ssd" },
      tolerations: [{ key: "a" }, { key: "b" }],
      volumes: [{ name: "shm" }],
      schedulerName: "fast",
      hostIPC: true,
      containers: [
        {
          name: "kserve-container",
          image: "server:1",
          args: ["--port=80"],
          env: [{ name: "A", value: "1" }],
          resources: { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "1" } },
        },
      ],
    };
    const predictor = {
      ...model({
        args: ["--fast"],
        env: [{ name: "B", value: "2" }],
        resources: { limits: gpu(1), requests: { cpu: "4" } },
      }),
      nodeSelector: { zone: "b" },
      tolerations: [{ key: "gpu" }],
      volumes: [{ name: "cache" }],
      affinity: null,
      priorityClassName: "high",
    };
    const set = served(predictor, spec);
    expect(set).toMatchObject({ path: "spec.predictor", role: "predictor", count: 1, minCount: 1 });
    expect(set.template.spec).toEqual({
      nodeSelector: { zone: "b", disk: "ssd" },
      tolerations: [{ key: "gpu" }],
      volumes: [{ name: "shm" }, { name: "cache" }],
      schedulerName: "fast",
      priorityClassName: "high",
      containers: [
        {
          name: "kserve-container",
          image: "server:1",
          args: ["--port=80", "--fast"],
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
          ],
          resources: { requests: { cpu: "4", memory: "2Gi" }, limits: { cpu: "1", "nvidia.com/gpu": 1 } },
        },
      ],
    });
    const [container] = containersOf(set);
    const places = [
      ["spec.nodeSelector.zone", "spec.predictor.nodeSelector.zone"],
      ["spec.nodeSelector.disk", `${AT_RUNTIME}.nodeSelector.disk`],
      ["spec.tolerations[0]", "spec.predictor.tolerations[0]"],
      ["spec.volumes[0]", `${AT_RUNTIME}.volumes[0]`],
      ["spec.volumes[1]", "spec.predictor.volumes[0]"],
      ["spec.securityContext", "spec.predictor.securityContext"],
    ];
    expect(places.map(([field]) => pathInPodSet(set, field!))).toEqual(places.map(([, place]) => place));
    expect(container!.path).toBe("spec.predictor.model");
    const inside = [
      ["image", `${AT_RUNTIME}.containers[0].image`],
      ["env[0].value", `${AT_RUNTIME}.containers[0].env[0].value`],
      ["env[1].value", "spec.predictor.model.env[0].value"],
      ["resources.limits.cpu", `${AT_RUNTIME}.containers[0].resources.limits.cpu`],
      ['resources.limits["nvidia.com/gpu"]', 'spec.predictor.model.resources.limits["nvidia.com/gpu"]'],
      ["resources.requests.cpu", "spec.predictor.model.resources.requests.cpu"],
      ["securityContext", "spec.predictor.model.securityContext"],
    ];
    expect(inside.map(([field]) => pathInContainer(container!, field!))).toEqual(inside.map(([, place]) => place));
  });

  it("keep what the runtime has where the predictor says nothing, and lead to the field that names it", () => {
    const spec = { tolerations: [{ key: "a" }], affinity: { nodeAffinity: {} } };
    const set = served(model({ runtime: "a" }), spec);
    expect(set.template.spec).toMatchObject(spec);
    expect(pathInPodSet(set, "spec.tolerations")).toBe("spec.predictor.model.runtime#spec.tolerations");
  });

  it("come from an older field too", () => {
    const formats = [{ name: "sklearn", autoSelect: true }];
    const predictor = { sklearn: { storageUri: "s3://a", resources: { limits: gpu(1) } } };
    const set = served(predictor, { supportedModelFormats: formats, tolerations: [{ key: "a" }] });
    expect(containersOf(set)).toMatchObject([
      { path: "spec.predictor.sklearn", container: { image: "a:1", resources: { limits: gpu(1) } } },
    ]);
    expect(pathInPodSet(set, "spec.tolerations")).toBe("spec.predictor.sklearn#spec.tolerations");
  });

  it("have the labels and annotations of the runtime, the service and the predictor, and those that KServe adds", () => {
    const labels = (from: string) => ({ labels: { [from]: "1", who: from }, annotations: { who: from } });
    const set = served({ ...model(), ...labels("predictor"), name: "next" }, labels("runtime"), {
      name: "net",
      ...labels("service"),
    });
    expect(set.template.metadata).toEqual({
      labels: {
        runtime: "1",
        service: "1",
        predictor: "1",
        who: "predictor",
        "serving.kserve.io/inferenceservice": "net",
        component: "predictor",
        app: "isvc.net-next-predictor",
      },
      annotations: { who: "predictor" },
    });
    expect(pathInPodSet(set, "metadata.annotations.who")).toBe("spec.predictor.annotations.who");
    expect(served(model(), {}, {}).template.metadata).toMatchObject({
      labels: { "serving.kserve.io/inferenceservice": UNKNOWN, app: UNKNOWN },
    });
  });

  it("have the server first, then what transforms for it, then other containers of both", () => {
    const containers = [{ name: "log" }, { name: "transformer-container", image: "t:1" }, { name: "kserve-container" }];
    const own = [{ name: "proxy" }, { name: "transformer-container", args: ["-v"] }];
    const set = served({ ...model({ runtime: "a" }), containers: own }, { containers });
    expect(containersOf(set).map(({ path, container }) => [container.name, path])).toEqual([
      ["kserve-container", "spec.predictor.model"],
      ["transformer-container", "spec.predictor.containers[1]"],
      ["log", "spec.predictor.model.runtime#spec.containers[0]"],
      ["proxy", "spec.predictor.containers[0]"],
    ]);
    expect(containersOf(set)[1]!.container).toEqual({ name: "transformer-container", image: "t:1", args: ["-v"] });
  });

  it("have a transformer of one side alone", () => {
    const server = { name: "kserve-container" };
    const transformer = { name: "transformer-container", image: "t:1" };
    const ofRuntime = served(model({ runtime: "a" }), { containers: [transformer, server] });
    const ofService = served({ ...model(), containers: [transformer] }, { containers: [server] });
    expect([ofRuntime, ofService].map((set) => containersOf(set).map(({ path }) => path))).toEqual([
      ["spec.predictor.model", "spec.predictor.model.runtime#spec.containers[0]"],
      ["spec.predictor.model", "spec.predictor.containers[0]"],
    ]);
    expect([ofRuntime, ofService].map((set) => containersOf(set)[1]!.container)).toEqual([transformer, transformer]);
  });

  it.each<[image: string, version: Tree, expected: Tree]>([
    ["server:1", "2.0", "server:2.0"],
    ["host:5000/server", "2", "host:5000/server:2"],
    ["server@sha256:abc", "2", "server@sha256:abc"],
    ["server:1", null, "server:1"],
    ["server:1", UNKNOWN, UNKNOWN],
  ])("have image %s in version %j", (image, runtimeVersion, expected) => {
    const set = served(model({ runtimeVersion }), { containers: [{ name: "kserve-container", image }] });
    expect(containersOf(set)[0]!.container.image).toBe(expected);
  });

  it.each<[base: Tree, change: Tree, expected: Tree]>([
    [undefined, undefined, undefined],
    [["a"], undefined, ["a"]],
    [undefined, ["b"], ["b"]],
    [["a"], UNKNOWN, UNKNOWN],
    [UNKNOWN, ["b"], UNKNOWN],
  ])("have arguments %j and %j behind each other", (base, change, expected) => {
    const containers: Tree = [{ name: "kserve-container", ...(base === undefined ? {} : { args: base }) }];
    const set = served(model(change === undefined ? {} : { args: change }), { containers });
    expect(containersOf(set)[0]!.container.args).toEqual(expected);
  });

  it("keep the container's name where the model has an empty one", () => {
    expect(containersOf(served(model({ name: "" }), {}))[0]!.container.name).toBe("kserve-container");
  });

  it.each<[name: string, predictor: TreeObject, spec: TreeObject]>([
    ["the runtime has no container for the model", model(), { containers: [{ name: "main" }] }],
    ["the containers of the runtime are not known", model(), { containers: UNKNOWN }],
    ["the model is not known", { model: UNKNOWN }, {}],
  ])("are left as the service describes them where %s", (_name, predictor, spec) => {
    expect(podSetsOf(service(predictor), [runtime("a", spec)])).toEqual(podSetsOf(service(predictor)));
  });

  it("are followed for the predictor alone", () => {
    const object = { ...service(model()), spec: { explainer: { art: { resources: {} } } } };
    expect(podSetsOf(object, [runtime("a", format({ name: "art" }))])).toMatchObject([
      { completedBy: "spec.explainer.art" },
    ]);
  });

  it("belong to canaries, which have the runtime of the predictor unless they name another", () => {
    const canary = [
      { trafficPercent: 10, predictor: { name: "next", model: { image: "next:1" } } },
      { trafficPercent: 10, predictor: { name: "other", model: { runtime: "b" } } },
    ];
    const predictor = { ...model({ args: ["-v"] }), workerSpec: {} };
    const object = { ...service(predictor), spec: { predictor, canary } };
    const worker = { workerSpec: { containers: [{ name: "worker-container" }] } };
    const sets = podSetsOf(object, [runtime("a", { ...worker, tolerations: [{ key: "a" }] }), runtime("b")]);
    expect(sets.map(({ role }) => role)).toEqual(["predictor", "worker", "canary", "canary"]);
    const [next, other] = sets.slice(2);
    expect(next).toMatchObject({
      path: "spec.canary[0].predictor",
      template: { spec: { tolerations: [{ key: "a" }] } },
    });
    expect(next!.completedBy).toBeUndefined();
    expect(containersOf(next!)[0]!.container).toMatchObject({ image: "next:1", args: ["-v"] });
    expect(containersOf(other!)[0]!.container).toMatchObject({ image: "b:1", args: ["-v"] });
    expect(pathInContainer(containersOf(other!)[0]!, "image")).toBe(
      "spec.canary[1].predictor.model.runtime#spec.containers[0].image",
    );
  });

  it("belong to a canary of another format with a runtime of its own", () => {
    const formats = (name: string) => ({ supportedModelFormats: [{ name, autoSelect: true }] });
    const canary = [{ trafficPercent: 10, predictor: { name: "next", model: { modelFormat: { name: "pmml" } } } }];
    const object = { ...service({}), spec: { predictor: model(), canary } };
    const sets = podSetsOf(object, [runtime("a", formats("onnx")), runtime("b", formats("pmml"))]);
    expect(sets.flatMap(containersOf).map(({ container }) => container.image)).toEqual(["a:1", "b:1"]);
  });
});

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

describe("the container that fetches a model", () => {
  const amounts = { cpuRequest: "100m", memoryRequest: "100Mi", cpuLimit: "1", memoryLimit: "1Gi" };
  const resources = { requests: { cpu: "100m", memory: "100Mi" }, limits: { cpu: "1", memory: "1Gi" } };

  function configuration(settings: Tree = JSON.stringify({ image: "init:1", ...amounts })): TreeObject {
    const metadata = { name: "inferenceservice-config", namespace: "kserve" };
    return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { storageInitializer: settings } };
  }

  function storageContainer(name: string, spec: TreeObject = {}, more: TreeObject = {}): TreeObject {
    const container = { name: "any", image: `${name}:1` };
    const whole = { container, supportedUriFormats: [{ prefix: "s3://" }], workloadType: "initContainer", ...spec };
    return { apiVersion: GROUP, kind: "ClusterStorageContainer", metadata: { name }, spec: whole, ...more };
  }

  /** The init containers of a predictor with the runtime at hand, each by its path and image. */
  function initContainers(predictor: TreeObject, others: TreeObject[]): Tree[][] {
    const [set] = podSetsOf(service(predictor), [runtime("a"), ...others]);
    return containersOf(set!).flatMap(({ path, container }) =>
      container.name === "kserve-container" ? [] : [[path, container.name, container.image]],
    );
  }

  const s3 = model({ storageUri: "s3://models/net" });
  const AT = "spec.predictor.model.storageUri#";
  const FIRST = [[`${AT}spec.container`, "storage-initializer", "a:1"]];

  it("is the one of the configuration", () => {
    const [set] = podSetsOf(service(s3), [runtime("a"), configuration()]);
    expect(containersOf(set!)[0]).toEqual({
      path: `${AT}data.storageInitializer`,
      container: { name: "storage-initializer", image: "init:1", resources },
    });
  });

  it("is changed by a storage container", () => {
    const container = { name: "any", image: "own:1", resources: { limits: { memory: "4Gi" } } };
    const [set] = podSetsOf(service(s3), [runtime("a"), configuration(), storageContainer("a", { container })]);
    expect(containersOf(set!)[0]).toEqual({
      path: `${AT}spec.container`,
      container: {
        name: "storage-initializer",
        image: "own:1",
        resources: { requests: resources.requests, limits: { cpu: "1", memory: "4Gi" } },
      },
    });
  });

  it.each<[name: string, predictor: TreeObject, others: TreeObject[], expected: Tree[][]]>([
    ["neither is at hand", s3, [], []],
    ["the configuration is no object", s3, [configuration("[]")], []],
    ["the configuration cannot be read", s3, [configuration("{")], []],
    ["the configuration is not known", s3, [configuration(UNKNOWN)], []],
    ["the first that fetches such models", s3, [storageContainer("a"), storageContainer("b")], FIRST],
    ["one that says nothing of what it is for", s3, [storageContainer("a", { workloadType: undefined })], FIRST],
    ["none for other models", s3, [storageContainer("a", { supportedUriFormats: [{ prefix: "gs://" }] })], []],
    ["none for jobs", s3, [storageContainer("a", { workloadType: "localModelDownloadJob" })], []],
    ["none that is disabled", s3, [storageContainer("a", {}, { disabled: true })], []],
    [
      "one by the start of its pattern",
      s3,
      [storageContainer("a", { supportedUriFormats: [{ regex: "s3://(.+?)x" }] })],
      FIRST,
    ],
    [
      "one by a pattern without the letter that may be missing",
      s3,
      [storageContainer("a", { supportedUriFormats: [{ regex: "s3s?://" }] })],
      FIRST,
    ],
    [
      "one by any of several patterns",
      s3,
      [storageContainer("a", { supportedUriFormats: [{ regex: "gs://|s3://" }] })],
      FIRST,
    ],
    ["none by another pattern", s3, [storageContainer("a", { supportedUriFormats: [{ regex: "gs://" }] })], []],
    ["none by no pattern at all", s3, [storageContainer("a", { supportedUriFormats: [{}] })], []],
    [
      "the one that the predictor names",
      { ...s3, storageContainerName: "b" },
      [storageContainer("a"), storageContainer("b")],
      [[`${AT}spec.container`, "storage-initializer", "b:1"]],
    ],
    ["any, where the predictor names none", { ...s3, storageContainerName: "" }, [storageContainer("a")], FIRST],
    ["a volume is mounted", model({ storageUri: "pvc://models/net" }), [configuration()], []],
    ["an image is mounted", model({ storageUri: "oci+native://models/net" }), [configuration()], []],
    ["nothing is to be fetched", model(), [configuration()], []],
    ["it is not known what is", model({ storageUri: UNKNOWN }), [configuration()], []],
    [
      "the predictor has one",
      { ...s3, initContainers: [{ name: "storage-initializer", image: "mine:1" }] },
      [configuration()],
      [["spec.predictor.initContainers[0]", "storage-initializer", "mine:1"]],
    ],
    ["other init containers are not known", { ...s3, initContainers: UNKNOWN }, [configuration()], []],
    [
      "behind other init containers",
      { ...s3, initContainers: [{ name: "first", image: "f:1" }] },
      [storageContainer("a")],
      [["spec.predictor.initContainers[0]", "first", "f:1"], ...FIRST],
    ],
    [
      "a secret tells where the model is",
      model({ storage: { key: "a" } }),
      [configuration(), storageContainer("a")],
      [["spec.predictor.model.storage#data.storageInitializer", "storage-initializer", "init:1"]],
    ],
    [
      "several are to be fetched",
      { ...model(), storageUris: [{ uri: "pvc://a" }, { uri: "s3://b" }] },
      [storageContainer("a")],
      [["spec.predictor.storageUris#spec.container", "storage-initializer", "a:1"]],
    ],
  ])("is right where %s", (_name, predictor, others, expected) => {
    expect(initContainers(predictor, others)).toEqual(expected);
  });
});

describe.runIf(hasUpstream)("the runtimes that KServe ships", () => {
  const file = join(upstreamFolder, "kserve", "runtimes", "clusterservingruntimes.yaml");
  const runtimes = () => loadAllYaml(readFileSync(file, "utf8")) as Tree[];
  const ofFormat = (name: string, fields: TreeObject = {}) => ({ model: { modelFormat: { name }, ...fields } });

  it.each<[predictor: TreeObject, name: string, gpus: number]>([
    [{ sklearn: {} }, "kserve-sklearnserver", 0],
    [{ xgboost: {} }, "kserve-xgbserver", 0],
    [{ lightgbm: {} }, "kserve-lgbserver", 0],
    [{ pmml: {} }, "kserve-pmmlserver", 0],
    [{ paddle: {} }, "kserve-paddleserver", 0],
    [{ tensorflow: {} }, "kserve-tensorflow-serving", 0],
    [{ pytorch: {} }, "kserve-torchserve", 0],
    [{ onnx: {} }, "kserve-tritonserver", 0],
    [{ triton: {} }, "kserve-tritonserver", 0],
    [{ huggingface: {} }, "kserve-huggingfaceserver", 0],
    [ofFormat("huggingface", { resources: { limits: { "nvidia.com/gpu": 2 } } }), "kserve-huggingfaceserver", 2],
    [{ ...ofFormat("huggingface"), workerSpec: {} }, "kserve-huggingfaceserver-multinode", 1],
    [ofFormat("sklearn", { protocolVersion: "v2" }), "kserve-mlserver", 0],
    [ofFormat("xgboost", { runtime: "kserve-predictiveserver" }), "kserve-predictiveserver", 0],
    [ofFormat("vLLM"), "kserve-vllmserver", 0],
  ])("serve %j with %s", (predictor, name, gpus) => {
    const others = runtimes();
    const [set] = podSetsOf(service(predictor), others);
    const [container] = containersOf(set!);
    const own = others.find((other) => nodeAt(other, "metadata.name") === name);
    const [written] = arrayAt(nodeAt(own, "spec"), "containers");
    expect(set!.completedBy).toBeUndefined();
    expect(container!.container.image).toBe(childAt(written, "image"));
    expect(nodeAt(container!.container, "resources.requests.memory")).toBe(
      nodeAt(written, "resources.requests.memory"),
    );
    expect(childAt(nodeAt(container!.container, "resources.limits"), "nvidia.com/gpu") ?? 0).toBe(gpus);
  });
});
