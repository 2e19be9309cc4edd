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
  const workload = { runtimeRef: { name: "torch" }, suspend: UNKNOWN, trainer: { image: "a" }, labels: { a: UNKNOWN } };
  const trainJob = subject("trainer.kubeflow.org/v1alpha1", "TrainJob", workload);

  it.each([
    ["that of a field that is known", "spec.trainer", "spec.runtimeRef"],
    ["that of a field of no pods", "spec.runtimeRef.name", "spec.runtimeRef"],
    ["none where the field is not known yet", "spec.suspend", undefined],
    ["none where something in it is not known yet", "spec.labels", undefined],
    ["none where something around it is not known yet", "spec.labels.a.b", undefined],
  ])("is %s", (_case, path, expected) => {
    expect(completingPath(trainJob, path)).toBe(expected);
  });

  it("is none of an object that says all itself", () => {
    expect(completingPath(subject("batch/v1", "Job", { template: { spec: {} } }), "spec.template")).toBeUndefined();
  });
});
