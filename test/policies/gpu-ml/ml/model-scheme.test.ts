import { describe, expect, it } from "vitest";
import { modelScheme } from "../../../../policies/gpu-ml/ml/model-scheme";
import { UNKNOWN_STRING, job } from "../../analyzer";
import { judged, notKnown, object, service, workflow } from "./objects";

const KSERVE = "serving.kserve.io/v1beta1";
const refused = (object: string, path: string, scheme = "http") =>
  `advisory [ML-07] ${object}: ${path} is an address of scheme ${scheme}; allowed: addresses of the schemes s3, gs, hf, oci, ` +
  "pvc, https, hdfs, cache, file. Copy it to a place of your own, and name that.";
const HTTP = "http://user:hunter2@models.example/churn/7";

describe("ML-07 schemes of models", () => {
  it.each([
    ...["s3", "gs", "hf", "oci", "pvc", "https", "hdfs", "cache", "file", "S3"],
    ...["oci+native", "oci+modelcar", "oci+fetch"],
  ])("accepts %s", (scheme) => {
    expect(judged(modelScheme, service({ storageUris: [{ uri: `${scheme}://models/churn/7` }] }))).toEqual([]);
  });

  it.each([
    ["a path", service({ storageUris: [{ uri: "/mnt/models" }] })],
    ["a number", service({ storageUris: [{ uri: 7 }] })],
    ["null", service({ storageUris: [{ uri: null }] })],
    ["addresses that are no list", service({ storageUris: HTTP })],
    ["an address in another field", service({ storage: { storageUri: HTTP } })],
    ["another kind", object(KSERVE, "ServingRuntime", { spec: { predictor: { model: { storageUri: HTTP } } } })],
    ["an argument of another name", job({ args: ["--endpoint", HTTP] })],
    ["the name of the flag without a model", job({ args: ["--model-id"] })],
    ["the model of a program of another kind", job({ args: ["--model", HTTP] })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(modelScheme, resource)).toEqual([]);
  });

  it.each([
    ...["model", "sklearn", "xgboost", "tensorflow", "pytorch", "triton", "onnx", "huggingface", "pmml", "lightgbm"],
    "paddle",
  ])("finds the address of a predictor's %s, and shows no password", (server) => {
    expect(judged(modelScheme, service({ [server]: { storageUri: HTTP } }))).toEqual([
      refused("InferenceService ml/it", `spec.predictor.${server}.storageUri`),
    ]);
  });

  it.each([
    ["a predictor", service({ storageUris: [{}, { uri: HTTP }] }), "spec.predictor.storageUris[1].uri"],
    [
      "a transformer",
      service({}, { transformer: { storageUris: [{ uri: HTTP }] } }),
      "spec.transformer.storageUris[0].uri",
    ],
    ["an explainer", service({}, { explainer: { model: { storageUri: HTTP } } }), "spec.explainer.model.storageUri"],
    [
      "a canary",
      service({}, { canary: [{ predictor: { model: { storageUri: HTTP } } }] }),
      "spec.canary[0].predictor.model.storageUri",
    ],
  ])("finds the address of %s", (_case, resource, path) => {
    expect(judged(modelScheme, resource)).toEqual([refused("InferenceService ml/it", path)]);
  });

  it.each([
    ["LLMInferenceService", { model: { uri: HTTP } }, "spec.model.uri"],
    ["LLMInferenceService", { model: { lora: { adapters: [{ uri: HTTP }] } } }, "spec.model.lora.adapters[0].uri"],
    ["LLMInferenceServiceConfig", { model: { uri: HTTP } }, "spec.model.uri"],
    [
      "LLMInferenceServiceConfig",
      { model: { lora: { adapters: [{ uri: HTTP }] } } },
      "spec.model.lora.adapters[0].uri",
    ],
    ["TrainedModel", { model: { storageUri: HTTP } }, "spec.model.storageUri"],
    ["LocalModelCache", { sourceModelUri: HTTP }, "spec.sourceModelUri"],
    ["LocalModelNamespaceCache", { sourceModelUri: HTTP }, "spec.sourceModelUri"],
  ])("finds the address of a %s", (kind, spec, path) => {
    expect(judged(modelScheme, object(KSERVE, kind, { spec }))).toEqual([refused(`${kind} ml/it`, path)]);
  });

  it.each(["model", "dataset"])("finds the address of a TrainJob's %s", (part) => {
    const spec = { initializer: { [part]: { storageUri: "ftp://models.example/a" } } };

    expect(judged(modelScheme, object("trainer.kubeflow.org/v1alpha1", "TrainJob", { spec }))).toEqual([
      refused("TrainJob ml/it", `spec.initializer.${part}.storageUri`, "ftp"),
    ]);
  });

  it("finds the address in a manifest of a workflow", () => {
    const manifest = JSON.stringify(service({ model: { storageUri: HTTP } }).props);

    expect(judged(modelScheme, workflow({ templates: [{ resource: { action: "apply", manifest } }] }))).toEqual([
      refused("Workflow ml/it", "spec.templates[0].resource.manifest#spec.predictor.model.storageUri"),
    ]);
  });

  it.each([
    ["--model-id", { args: ["--model-id", HTTP] }, "args[1]"],
    ["--model_id", { args: [`--model_id=${HTTP}`] }, "args[0]"],
    ["--tokenizer-id", { args: [`--tokenizer-id=${HTTP}`] }, "args[0]"],
    ["--model_name_or_path", { command: ["train", "--model_name_or_path", HTTP] }, "command[2]"],
    ["--model of vLLM by its image", { image: "registry.example/vllm:1", args: [`--model=${HTTP}`] }, "args[0]"],
    ["--model of vLLM by its command", { command: ["vllm", "serve"], args: [`--model=${HTTP}`] }, "args[0]"],
    ["--model-path of SGLang", { image: "sglang:1", args: ["--model-path", HTTP] }, "args[1]"],
    ["--model of KServe's server", { image: "kserve/huggingfaceserver:1", args: ["--model", HTTP] }, "args[1]"],
  ])("finds the address behind %s", (_case, container, path) => {
    expect(judged(modelScheme, job(container))).toEqual([
      refused("Job ml/mnist", `spec.template.spec.containers[0].${path}`),
    ]);
  });

  it("allows the schemes that configuration lists", () => {
    const resource = service({ storageUris: [{ uri: HTTP }, { uri: "s3://models/a" }] });

    expect(judged(modelScheme, resource, { schemes: ["http"] })).toEqual([
      "advisory [ML-07] InferenceService ml/it: spec.predictor.storageUris[1].uri is an address of scheme s3; allowed: " +
        "addresses of the schemes http. Copy it to a place of your own, and name that.",
    ]);
    for (const schemes of ["s3", ["a", 1]]) expect(modelScheme.parameters.schemes.accepts(schemes)).toBe(false);
  });

  it.each([
    [
      "the address",
      service({ storageUris: [{ uri: UNKNOWN_STRING }] }),
      "InferenceService ml/it",
      "spec.predictor.storageUris[0].uri",
    ],
    ["the list", service({ storageUris: UNKNOWN_STRING }), "InferenceService ml/it", "spec.predictor.storageUris"],
    [
      "an argument",
      job({ args: ["--model-id", UNKNOWN_STRING] }),
      "Job ml/mnist",
      "spec.template.spec.containers[0].args[1]",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, object, path) => {
    expect(judged(modelScheme, resource)).toEqual([notKnown(modelScheme, object, path)]);
  });
});
