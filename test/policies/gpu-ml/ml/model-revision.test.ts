import { describe, expect, it } from "vitest";
import { modelRevision } from "../../../../policies/gpu-ml/ml/model-revision";
import { UNKNOWN_STRING, job } from "../../analyzer";
import { judged, notKnown, object, service } from "./objects";

const stored = (uri: unknown) => service({ storageUris: [{ uri }] });
const AT = "InferenceService ml/it: spec.predictor.storageUris[0].uri";
const WITH_COMMIT = "Add the commit after a colon, as in hf://owner/model:0123abc.";
const WITH_VERSION = "Name a version, or copy the model to a bucket under one.";

const refused = (at: string, observed: string, remedy: string) =>
  `advisory [ML-07] ${at} is ${observed}; allowed: a model with a version that stays. ${remedy}`;
const argument = (observed: string, path = "args[0]") =>
  `advisory [ML-07] Job ml/mnist: spec.template.spec.containers[0].${path} is ${observed}; allowed: a repository beside ` +
  "the argument for its revision. Add --revision with the commit that was tested.";

describe("ML-07 versions of models", () => {
  it.each([
    "hf://acme/chat:0123abc",
    "hf://acme/chat:v1.0",
    "oci://registry.example/chat:1.4",
    "oci+fetch://registry.example/chat:1.4",
    "oci://registry.example/chat:latest@sha256:0123",
    "oci://registry.example:5000/chat@sha256:0123",
    "s3://models/churn/7",
    "s3://latest-models/churn",
    "pvc://models/churn",
    "https://models.example/churn/7/model.onnx",
    "/mnt/models",
    "acme/chat",
  ])("accepts %s", (uri) => {
    expect(judged(modelRevision, stored(uri))).toEqual([]);
  });

  it.each([
    ["hf://acme/chat", "a repository without a revision", WITH_COMMIT],
    ["hf://acme/chat:", "a repository without a revision", WITH_COMMIT],
    ["HF://acme/chat:main", "a repository at a branch", WITH_COMMIT],
    ["hf://acme/chat:Master", "a repository at a branch", WITH_COMMIT],
    ["hf://acme/chat:head", "a repository at a branch", WITH_COMMIT],
    ["oci://registry.example/chat", "an image without a version", WITH_VERSION],
    ["oci+native://registry.example/chat", "an image without a version", WITH_VERSION],
    ["oci://registry.example:5000/chat", "an image without a version", WITH_VERSION],
    ["oci://registry.example/chat:latest", "an image without a version", WITH_VERSION],
    ["s3://models/churn/latest", "an address whose content moves with every release", WITH_VERSION],
    ["gs://models/current/churn", "an address whose content moves with every release", WITH_VERSION],
    [
      "https://huggingface.co/acme/chat/resolve/main/model.onnx",
      "an address whose content moves with every release",
      WITH_VERSION,
    ],
  ])("refuses %s", (uri, observed, remedy) => {
    expect(judged(modelRevision, stored(uri))).toEqual([refused(AT, observed, remedy)]);
  });

  it("tells a TrainJob, whose initializer reads no revision, to copy the model", () => {
    const spec = { initializer: { model: { storageUri: "hf://acme/small" } } };

    expect(judged(modelRevision, object("trainer.kubeflow.org/v1alpha1", "TrainJob", { spec }))).toEqual([
      refused("TrainJob ml/it: spec.initializer.model.storageUri", "a repository without a revision", WITH_VERSION),
    ]);
  });

  it.each([
    ["a revision", ["--model-id=acme/chat", "--revision", "0123abc"]],
    ["a revision by an equals sign", ["--model-id=acme/chat", "--model_revision=0123abc"]],
    ["a revision that comes first", ["--revision=0123abc", "--model-id", "acme/chat"]],
    ["a revision that is a number", ["--model-id=acme/chat", "--revision", 7]],
    ["a path", ["--model-id=/models/acme"]],
    ["a path in the folder", ["--model-id=./acme/chat"]],
    ["a deeper path", ["--model-id=models/acme/chat"]],
    ["a name alone", ["--model-id=chat"]],
    ["an address of the hub, which no program takes", ["--model-id=hf://acme/chat"]],
    ["another address", ["--model-id=s3://models/7"]],
  ])("accepts an argument with %s", (_case, args) => {
    expect(judged(modelRevision, job({ args }))).toEqual([]);
  });

  it.each([
    ["no revision", ["--model-id=acme/chat"], "a repository without a revision"],
    ["a flag that only begins so", ["--model-id=acme/chat", "--revisions=3"], "a repository without a revision"],
    ["a revision without value", ["--model-id=acme/chat", "--revision"], "a repository without a revision"],
    ["a branch", ["--model-id=acme/chat", "--revision=main"], "a repository at a branch"],
    ["a branch behind the flag", ["--model-id=acme/chat", "--revision", "main"], "a repository at a branch"],
  ])("refuses an argument with %s", (_case, args, observed) => {
    expect(judged(modelRevision, job({ args }))).toEqual([argument(observed)]);
  });

  it("refuses an address that moves among the arguments", () => {
    expect(judged(modelRevision, job({ args: ["--model-id", "s3://models/latest"] }))).toEqual([
      refused(
        "Job ml/mnist: spec.template.spec.containers[0].args[1]",
        "an address whose content moves with every release",
        WITH_VERSION,
      ),
    ]);
  });

  it("leaves it to the update while the address is not known", () => {
    expect(judged(modelRevision, stored(UNKNOWN_STRING))).toEqual([
      notKnown(modelRevision, "InferenceService ml/it", "spec.predictor.storageUris[0].uri"),
    ]);
  });

  it.each([
    ["the revision", ["--model-id=acme/chat", "--revision", UNKNOWN_STRING]],
    ["an argument that may be the revision", ["--model-id=acme/chat", UNKNOWN_STRING]],
  ])("leaves it to the update while %s is not known", (_case, args) => {
    expect(judged(modelRevision, job({ args }))).toEqual([
      notKnown(modelRevision, "Job ml/mnist", "spec.template.spec.containers[0].args[0]"),
    ]);
  });

  it("needs no other argument where the revision is known", () => {
    expect(
      judged(modelRevision, job({ args: [UNKNOWN_STRING, "--model-id=acme/chat", "--revision=0123abc"] })),
    ).toEqual([]);
  });
});
