import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../components/model";
import { Subject } from "../../../policies/engine/subject";
import { completingPath, isLeftToAnother, isVariable } from "../../../policies/engine/undecided-path";

function subject(apiVersion: string, kind: string, spec: object): Subject {
  const props = { apiVersion, kind, metadata: { name: "it" }, spec };
  return new Subject({ type: `kubernetes:${apiVersion}:${kind}`, name: "it", urn: "urn", props });
}

describe("a variable that an operator fills in", () => {
  const workflow = subject("argoproj.io/v1alpha1", "Workflow", {
    a: ["{{x}}", "plain"],
    b: "${trialParameters.x}",
    c: 5,
    d: "manifest: {{x}}",
  });

  it.each([
    ["spec.a[0]", true],
    ["spec.a[1]", false],
    ["spec.a[2]", false],
    ["spec.b", true],
    ["spec.c", false],
    ["spec.d#manifest", true],
    ["spec.d[0]", false],
    ["no path", false],
  ])("stands at %s: %s", (path, expected) => {
    expect(isVariable(workflow, path)).toBe(expected);
  });

  it("is none in objects of others", () => {
    expect(isVariable(subject("batch/v1", "Job", { a: "${HOME}" }), "spec.a")).toBe(false);
  });
});

describe("what another object may say", () => {
  const workload = { runtimeRef: { name: "torch" }, suspend: UNKNOWN, labels: null, trainer: { image: "a" } };
  const trainJob = subject("trainer.kubeflow.org/v1alpha1", "TrainJob", workload);

  it.each([
    ["what is absent here", "spec.trainer.command", true],
    ["what is null here", "spec.labels", true],
    ["what is said here", "spec.trainer.image", false],
    ["what is not known yet here", "spec.suspend", false],
    ["what is inside that", "spec.suspend.a", false],
    ["an item of that", "spec.suspend[0]", false],
    ["what is in the other object", "spec.runtimeRef#spec.template", true],
    ["what is in the text of a field", "spec.trainer#spec.template", false],
  ])("is %s", (_case, path, expected) => {
    expect(isLeftToAnother(trainJob, path)).toBe(expected);
  });

  it("is nothing of an object that says all itself", () => {
    expect(isLeftToAnother(subject("batch/v1", "Job", { template: { spec: {} } }), "spec.a")).toBe(false);
  });
});

describe("the object that decides what is known here", () => {
  const trainJob = (spec: object) =>
    subject("trainer.kubeflow.org/v1alpha1", "TrainJob", { runtimeRef: { name: "torch" }, ...spec });

  it.each([
    ["that of a field of its pods", {}, "spec.trainer.image", "spec.runtimeRef"],
    ["none of the reference itself", {}, "spec.runtimeRef.name", undefined],
    ["none of fields of no pods", {}, "spec.suspend", undefined],
    ["none where something of the object is not known yet", { suspend: UNKNOWN }, "spec.trainer.image", undefined],
  ])("is %s", (_case, rest, path, expected) => {
    expect(completingPath(trainJob({ trainer: { image: "a" }, ...rest }), path)).toBe(expected);
  });

  it("is none where a model names what serves it, beside the pods that this adds to", () => {
    const model = { runtime: "triton", modelFormat: { name: "onnx" } };
    const service = subject("serving.kserve.io/v1beta1", "InferenceService", { predictor: { model } });

    expect(completingPath(service, "spec.predictor.model.runtime")).toBeUndefined();
  });

  it("is none of an object that says all itself", () => {
    expect(completingPath(subject("batch/v1", "Job", { template: { spec: {} } }), "spec.template")).toBeUndefined();
  });
});
