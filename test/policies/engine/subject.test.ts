import { describe, expect, it } from "vitest";
import { Subject } from "../../../policies/engine/subject";

function subject(props: object, type = "kubernetes:batch/v1:Job", isProtected?: boolean): Subject {
  return new Subject({ type, name: "it", urn: "urn:it", props, ...(isProtected === undefined ? {} : { isProtected }) });
}

function object(apiVersion: unknown, kind: unknown, metadata: object = {}, rest: object = {}): Subject {
  return subject({ apiVersion, kind, metadata, ...rest });
}

const trainJob = {
  apiVersion: "trainer.kubeflow.org/v1alpha1",
  kind: "TrainJob",
  metadata: { name: "bert" },
  spec: { runtimeRef: { name: "torch" } },
};

describe("the kind of a resource", () => {
  it.each<[string, Subject, string | undefined, string | undefined]>([
    ["an object of a group", object("batch/v1", "Job"), "batch", "Job"],
    ["an object of the core group", object("v1", "Pod"), "", "Pod"],
    ["an object without version", object(undefined, "Pod"), undefined, undefined],
    ["an object without kind", object("v1", undefined), undefined, undefined],
    ["what is no object", subject({ apiVersion: "v1", kind: "Pod" }, "x:index:Y"), undefined, undefined],
  ])("of %s", (_case, { group, kind }, ofGroup, ofKind) => {
    expect([group, kind]).toEqual([ofGroup, ofKind]);
  });

  it("is asked for with its group", () => {
    expect(object("batch/v1", "Job").is("apps/Deployment", "batch/Job")).toBe(true);
    expect(object("batch/v1", "Job").is("/Job")).toBe(false);
    expect(object("v1", "Pod").is("/Pod")).toBe(true);
    expect(subject({}, "x:index:Y").is("/Y")).toBe(false);
  });
});

describe("the names of a resource", () => {
  it.each<[string, Subject, string[]]>([
    ["in a namespace", object("batch/v1", "Job", { name: "a", namespace: "ml" }), ["Job ml/a", "urn:it"]],
    [
      "in the default namespace",
      object("batch/v1", "Job", { name: "a", namespace: "default" }),
      ["Job default/a", "Job a", "urn:it"],
    ],
    ["without namespace", object("batch/v1", "Job", { name: "a" }), ["Job a", "Job default/a", "urn:it"]],
    ["without name", object("batch/v1", "Job"), ["Job it", "Job default/it", "urn:it"]],
    [
      "with a beginning of one",
      object("batch/v1", "Job", { generateName: "a-" }),
      ["Job a-*", "Job default/a-*", "urn:it"],
    ],
    ["outside Kubernetes", subject({}, "aws:eks/nodeGroup:NodeGroup"), ["NodeGroup it", "urn:it"]],
  ])("%s", (_case, { names }, expected) => {
    expect(names).toEqual(expected);
  });

  it.each<[string, Subject, string | undefined]>([
    ["given", object("batch/v1", "Job", { namespace: "ml" }), "ml"],
    ["by default", object("batch/v1", "Job"), "default"],
    ["of another type", object("batch/v1", "Job", { namespace: 5 }), undefined],
    ["outside Kubernetes", subject({ metadata: { namespace: "ml" } }, "x:index:Y"), undefined],
  ])("tell the namespace: %s", (_case, { namespace }, expected) => {
    expect(namespace).toBe(expected);
  });
});

describe("pods of a resource", () => {
  const complete = object("batch/v1", "Job", {}, { spec: { template: { spec: { containers: [{ name: "a" }] } } } });

  it.each<[string, Subject, number, boolean]>([
    ["an object that says them all", complete, 1, false],
    ["an object that takes them from another", subject(trainJob), 1, true],
    ["a list with such an object", object("v1", "List", {}, { items: [trainJob] }), 1, true],
    ["a list without", object("v1", "List", {}, { items: [complete.tree] }), 1, false],
    ["an object without pods", object("v1", "ConfigMap"), 0, false],
    ["what is no object", subject({ spec: { template: { spec: {} } } }, "x:index:Y"), 0, false],
  ])("of %s", (_case, { pods, isIncomplete }, count, isLeft) => {
    expect([pods.length, isIncomplete]).toEqual([count, isLeft]);
  });
});

describe("a resource beside others", () => {
  it.each([[true], [false], [undefined]])("is protected as before: %s", (isProtected) => {
    const beside = subject(trainJob, undefined, isProtected).beside([]);

    expect(beside.isProtected).toBe(isProtected);
    expect(beside.names).toEqual(["TrainJob bert", "TrainJob default/bert", "urn:it"]);
  });
});
