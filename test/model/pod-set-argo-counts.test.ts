import { describe, expect, it } from "vitest";
import { podSetsOf } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import type { TreeObject } from "../../components/model/tree";

/** Pods at once of each template, in a workflow of pods `a` and `b` and the templates that lead to them. */
function counts(templates: TreeObject[], spec: TreeObject = {}): Record<string, number | undefined> {
  const pods = ["a", "b"].map((name) => ({ name, container: {} }));
  const object = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Workflow",
    spec: { entrypoint: "main", templates: [...templates, ...pods], ...spec },
  };
  return Object.fromEntries(podSetsOf(object).map(({ role, count }): [string, number | undefined] => [role!, count]));
}

const call = (template: string, fields: TreeObject = {}): TreeObject => ({
  name: `call-${template}`,
  template,
  ...fields,
});

const task = (name: string, template: string, fields: TreeObject = {}): TreeObject => ({ name, template, ...fields });

describe("pods of a workflow at once", () => {
  it("are one for a template that no steps lead to, and none for what is never reached", () => {
    expect(counts([], { entrypoint: "a" })).toEqual({ a: 1, b: 0 });
  });

  it("add up in a group of steps, and are the largest of groups one after another", () => {
    const steps = [[call("a"), call("a"), call("b")], [call("b"), call("b")], [call("a")]];
    expect(counts([{ name: "main", steps }])).toEqual({ a: 2, b: 2 });
  });

  it("are as many as there are where templates lead to templates", () => {
    const main = { name: "main", steps: [[call("inner"), call("inner")]] };
    const inner = { name: "inner", steps: [[call("a"), call("a"), call("a")]] };
    expect(counts([main, inner])).toEqual({ a: 6, b: 0 });
  });

  it.each<[name: string, fields: TreeObject, count: number | undefined]>([
    ["a list of items", { withItems: ["x", "y", { z: 1 }] }, 3],
    ["no items, which is no list at all", { withItems: [] }, 1],
    ["a list as text", { withParam: '["x", "y"]' }, 2],
    ["a list that a step before it makes", { withParam: "{{steps.list.outputs.result}}" }, undefined],
    ["a list that is not known yet", { withItems: UNKNOWN }, undefined],
    ["text that is no list", { withParam: "{}" }, undefined],
    ["a number of times", { withSequence: { count: "5" } }, 5],
    ["numbers from one to another", { withSequence: { start: 2, end: "4" } }, 3],
    ["numbers downwards", { withSequence: { start: 4, end: 2 } }, 3],
    ["an unknown number of times", { withSequence: { count: "{{workflow.parameters.n}}" } }, undefined],
  ])("are multiplied where a step runs over %s", (_name, fields, count) => {
    expect(counts([{ name: "main", steps: [[call("a", fields)]] }]).a).toBe(count);
  });

  it("are those of tasks in a DAG that do not wait for each other", () => {
    const tasks = [
      task("first", "a"),
      task("left", "b", { dependencies: ["first"] }),
      task("right", "b", { depends: "first.Succeeded || first.Failed" }),
      task("last", "a", { depends: "left && right.Succeeded" }),
    ];
    expect(counts([{ name: "main", dag: { tasks } }])).toEqual({ a: 1, b: 2 });
  });

  it("are one in a long row of tasks that each wait for the one before", () => {
    const names = Array.from({ length: 50 }, (_, index) => `t${index}`);
    const row = names.map((name, index) => task(name, "a", index === 0 ? {} : { depends: names[index - 1]! }));
    const free = names.map((name) => task(name, "a"));
    expect(counts([{ name: "main", dag: { tasks: row } }]).a).toBe(1);
    expect(counts([{ name: "main", dag: { tasks: free } }]).a).toBe(50);
  });

  it("go on beside later steps where they are daemons", () => {
    const daemon = { name: "daemon", daemon: true, container: {} };
    const steps = [
      [call("daemon"), call("daemon")],
      [call("daemon"), call("a")],
    ];
    expect(counts([{ name: "main", steps }, daemon])).toMatchObject({ daemon: 3, a: 1 });
    const tasks = [task("x", "daemon"), task("y", "daemon", { depends: "x" })];
    expect(counts([{ name: "main", dag: { tasks } }, daemon])).toMatchObject({ daemon: 2 });
  });

  it("include what runs at events of a step, and at the end", () => {
    const step = call("a", { onExit: "b", hooks: { running: { template: "b" } } });
    expect(counts([{ name: "main", steps: [[step]] }])).toEqual({ a: 1, b: 2 });
    expect(counts([{ name: "main", steps: [[call("a")]] }], { onExit: "b" })).toEqual({ a: 1, b: 1 });
  });

  it.each<[name: string, templates: TreeObject[], spec: TreeObject, count: number | undefined]>([
    ["the workflow", [{ name: "main", steps: [[call("a", { withSequence: { count: 9 } })]] }], { parallelism: 2 }, 2],
    ["a template", [{ name: "main", parallelism: 3, steps: [[call("a", { withSequence: { count: 9 } })]] }], {}, 3],
    [
      "a template, of a list that is unknown",
      [{ name: "main", parallelism: 3, steps: [[call("a", { withParam: "{{x}}" })]] }],
      {},
      3,
    ],
    [
      "a template, for each of which more run",
      [
        { name: "main", parallelism: 2, steps: [[call("inner", { withSequence: { count: 9 } })]] },
        { name: "inner", steps: [[call("a"), call("a")]] },
      ],
      {},
      4,
    ],
    [
      "neither, where it is above them",
      [{ name: "main", parallelism: 99, steps: [[call("a")]] }],
      { parallelism: 99 },
      1,
    ],
    ["neither, where it is unknown", [{ name: "main", steps: [[call("a")]] }], { parallelism: "{{x}}" }, 1],
  ])("are no more than the parallelism of %s", (_name, templates, spec, count) => {
    expect(counts(templates, spec).a).toBe(count);
  });

  it.each<[name: string, templates: TreeObject[], spec: TreeObject]>([
    ["a template leads to itself", [{ name: "main", steps: [[call("a")], [call("main")]] }], {}],
    ["a variable says where a step leads", [{ name: "main", steps: [[call("{{item}}"), call("a")]] }], {}],
    ["the entrypoint is elsewhere", [], { entrypoint: "elsewhere" }],
    ["the entrypoint is unknown", [], { entrypoint: UNKNOWN }],
  ])("are not known where %s", (_name, templates, spec) => {
    expect(counts(templates, spec).a).toBeUndefined();
  });

  it("are bounded by the parallelism of the workflow even where nothing else is known", () => {
    expect(counts([], { entrypoint: UNKNOWN, parallelism: 4 })).toEqual({ a: 4, b: 4 });
  });

  it("are not known where they are more than a number can hold", () => {
    const templates = Array.from({ length: 20 }, (_, index) => ({
      name: index === 0 ? "main" : `t${index}`,
      steps: [[call(index === 19 ? "a" : `t${index + 1}`, { withSequence: { count: 1000 } })]],
    }));
    expect(counts(templates).a).toBeUndefined();
  });
});
