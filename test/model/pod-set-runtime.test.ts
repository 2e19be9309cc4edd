import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAllYaml } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { containersOf, podSetsOf } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import { arrayAt, childAt, nodeAt, type Tree, type TreeObject } from "../../components/model/tree";
import { hasUpstream, upstreamFolder } from "../support/platform-mirror";
import { format, imageFor, model, runtime, service } from "./serving-runtimes";

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
