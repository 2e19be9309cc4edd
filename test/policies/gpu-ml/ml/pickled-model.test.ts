import { describe, expect, it } from "vitest";
import { pickledModel } from "../../../../policies/gpu-ml/ml/pickled-model";
import { UNKNOWN_STRING, job } from "../../analyzer";
import { judged, notKnown, service } from "./objects";

const stored = (uri: unknown) => service({ storageUris: [{ uri }] });
const CONTAINER = "spec.template.spec.containers[0]";

const foreign =
  "advisory [ML-08] InferenceService ml/it: spec.predictor.storageUris[0].uri is a pickled file from a place that others write " +
  "to; allowed: safetensors or ONNX, or a place of your own. Convert the weights to safetensors, or copy the file to a bucket " +
  "of your own once it was looked through.";
const refused = (path: string) =>
  `advisory [ML-08] Job ml/mnist: ${CONTAINER}.${path} is a switch that has PyTorch run what a file of weights says; allowed: ` +
  "weights that are loaded as data alone. Remove it, and convert the weights to safetensors.";

describe("ML-08 pickled models", () => {
  it.each([
    "s3://models/churn/7/model.pkl",
    "https://models.example/churn/7/model.onnx",
    "https://models.example/churn/7/model.safetensors",
    "https://models.example/a.pkl/model.onnx",
    "https://models.example/apkl",
    "hf://acme/chat:0123abc",
    "/mnt/models/model.pkl",
  ])("accepts %s", (uri) => {
    expect(judged(pickledModel, stored(uri))).toEqual([]);
  });

  it.each([
    ...["pkl", "pickle", "joblib", "pt", "pth", "ckpt", "PT"].map((end) => `https://models.example/churn/model.${end}`),
    "http://models.example/model.pkl",
    "hf://acme/chat/model.pt",
    "https://models.example/model.pkl?version=7",
    "https://models.example/model.pkl#a",
  ])("refuses %s", (uri) => {
    expect(judged(pickledModel, stored(uri))).toEqual([foreign]);
  });

  it.each([
    ["weights loaded as data", { args: ["--weights-only=true", "--weights-only", "True"] }],
    ["another format", { args: ["--load-format=safetensors"] }],
    ["a script that loads data", { command: ["python", "-c", "torch.load(a, weights_only=True)"] }],
    ["another flag", { args: ["--format=pt", "--no-weights"] }],
    ["a format that is called false", { args: ["--load-format=false", "--load-format", "False"] }],
    ["a switch with another value", { args: ["--weights-only=pt"] }],
    ["a variable that is off", { env: [{ name: "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", value: "0" }] }],
  ])("accepts %s", (_case, container) => {
    expect(judged(pickledModel, job(container))).toEqual([]);
  });

  it.each([
    ["a variable", { env: [{ name: "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", value: "1" }] }, "env[0].value"],
    ["a switch", { args: ["--weights-only=false"] }, "args[0]"],
    ["a switch of Python", { args: ["--weights_only", "False"] }, "args[0]"],
    ["a switch that says no", { args: ["--no-weights-only"] }, "args[0]"],
    ["the format of vLLM", { args: ["--load-format", "pt"] }, "args[0]"],
    ["a script", { command: ["python", "-c", "torch.load(a, weights_only = False)"] }, "command[2]"],
    ["a line for a shell", { command: ["sh", "-c", "train --weights-only false"] }, "command[2]"],
    ["a line for a shell with an equals sign", { command: ["sh", "-c", "train --weights_only=False"] }, "command[2]"],
  ])("refuses %s", (_case, container, path) => {
    expect(judged(pickledModel, job(container))).toEqual([refused(path)]);
  });

  it("takes the places of others and the images that configuration lists", () => {
    const parameters = { foreignSchemes: ["s3"], images: ["registry.example/mnist"] };

    expect(judged(pickledModel, stored("https://models.example/a.pkl"), parameters)).toEqual([]);
    expect(judged(pickledModel, stored("s3://models/a.pkl"), parameters)).toEqual([foreign]);
    expect(judged(pickledModel, job({ args: ["--no-weights-only"] }), parameters)).toEqual([]);
    for (const schemes of ["a", ["a", 1]]) expect(pickledModel.parameters.foreignSchemes.accepts(schemes)).toBe(false);
  });

  it.each([
    ["the address", stored(UNKNOWN_STRING), "InferenceService ml/it", "spec.predictor.storageUris[0].uri"],
    [
      "the format",
      job({ image: "vllm:1", args: ["--load-format", UNKNOWN_STRING] }),
      "Job ml/mnist",
      `${CONTAINER}.args[1]`,
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, object, path) => {
    expect(judged(pickledModel, resource)).toEqual([notKnown(pickledModel, object, path)]);
  });
});
