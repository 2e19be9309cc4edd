import { describe, expect, it } from "vitest";
import { containersOf, pathInContainer, pathInPodSet, podSetsOf, type PodSet } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import type { Tree, TreeObject } from "../../components/model/tree";
import { format, model, runtime, service } from "./serving-runtimes";

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

  it.each<Tree>([null, "text", UNKNOWN])("may have %j in the place of containers", (odd) => {
    const containers: Tree = [odd, { name: "kserve-container", image: "server:1" }];
    const set = served({ ...model(), containers: [odd] }, { containers });
    expect(containersOf(set)[0]!.container.image).toBe("server:1");
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
