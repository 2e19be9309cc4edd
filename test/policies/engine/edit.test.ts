import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TreeObject } from "../../../components/model";
import { edited, stepsOf, type Edit } from "../../../policies/engine/edit";

describe("paths of findings", () => {
  it.each([
    ["spec", ["spec"]],
    ["spec.containers[0].image", ["spec", "containers", 0, "image"]],
    ['resources.limits["nvidia.com/gpu"]', ["resources", "limits", "nvidia.com/gpu"]],
    ['tags["a.b"].c[2][3]', ["tags", "a.b", "c", 2, 3]],
    ["[1].spec", [1, "spec"]],
  ])("%s is %j", (path, steps) => {
    expect(stepsOf(path)).toEqual(steps);
  });

  it.each(["", "spec.", "spec[", "spec[x]", "spec.podSpecPatch#spec", 'a["b', "a..b"])("%j is none", (path) => {
    expect(stepsOf(path)).toBeUndefined();
  });
});

describe("changes to an object", () => {
  const pod = { kind: "Pod", spec: { hostNetwork: true, containers: [{ name: "a" }, { name: "b" }] } };

  it.each<[string, Edit, object]>([
    ["sets a field", { path: "spec.hostNetwork", value: false }, { ...pod, spec: { ...pod.spec, hostNetwork: false } }],
    [
      "removes a field",
      { path: "spec.hostNetwork", remove: true },
      { ...pod, spec: { containers: pod.spec.containers } },
    ],
    [
      "makes the objects above a field",
      { path: "metadata.labels.a", value: "b" },
      { ...pod, metadata: { labels: { a: "b" } } },
    ],
    [
      "changes an item of a list",
      { path: "spec.containers[1].name", value: "c" },
      { ...pod, spec: { ...pod.spec, containers: [{ name: "a" }, { name: "c" }] } },
    ],
    [
      "removes an item of a list",
      { path: "spec.containers[0]", remove: true },
      { ...pod, spec: { ...pod.spec, containers: [{ name: "b" }] } },
    ],
    [
      "adds an item to a list",
      { path: "spec.containers", append: { name: "c" } },
      { ...pod, spec: { ...pod.spec, containers: [...pod.spec.containers, { name: "c" }] } },
    ],
    ["makes a list", { path: "spec.volumes", append: 1 }, { ...pod, spec: { ...pod.spec, volumes: [1] } }],
    ["passes over what is not there to be removed", { path: "spec.volumes.a", remove: true }, pod],
    ["passes over an item beyond the list", { path: "spec.containers[7].name", value: "c" }, pod],
    ["passes over a way through a leaf", { path: "kind.name", value: "c" }, pod],
    ["passes over a list that is no list", { path: "spec.containers[0].name", append: "c" }, pod],
    [
      "adds an item behind the list",
      { path: "spec.containers[2]", value: { name: "c" } },
      { ...pod, spec: { ...pod.spec, containers: [...pod.spec.containers, { name: "c" }] } },
    ],
    ["passes over an item of what is no list", { path: "kind[0]", value: "c" }, pod],
    ["passes over an item of an object", { path: "spec[0]", value: "c" }, pod],
    ["passes over a way into text", { path: "kind#spec", value: "c" }, pod],
  ])("%s", (_case, edit, expected) => {
    expect(edited(pod, [edit])).toEqual(expected);
  });

  it.each<[string, object, Edit, object]>([
    ["a field below it", { a: null }, { path: "a.b", value: 1 }, { a: { b: 1 } }],
    ["an item of it", { a: null }, { path: "a", append: 1 }, { a: [1] }],
  ])("take null for absent: %s", (_case, tree, edit, expected) => {
    expect(edited(tree as TreeObject, [edit])).toEqual(expected);
  });

  it("reach into objects without prototype", () => {
    const inner = Object.assign(Object.create(null) as TreeObject, { b: 1 });

    expect(edited({ a: inner }, [{ path: "a.b", value: 2 }])).toEqual({ a: { b: 2 } });
  });

  it("leaves the given object as it is, and shares what they do not touch", () => {
    const before = structuredClone(pod);
    const after = edited(pod, [{ path: "spec.hostNetwork", value: false }]) as typeof pod;

    expect(pod).toEqual(before);
    expect(after.spec.containers).toBe(pod.spec.containers);
  });

  it("keep the order of fields", () => {
    expect(Object.keys(edited({ a: 1, b: 2, c: 3 }, [{ path: "b", value: 4 }]))).toEqual(["a", "b", "c"]);
  });

  it("take an object of a class for a leaf", () => {
    class Secret {
      constructor(readonly value: string) {}
    }
    const tree = { env: new Secret("hunter2") } as unknown as TreeObject;

    expect(edited(tree, [{ path: "env.value", value: "known" }])["env"]).toBe(tree["env"]);
  });

  it("never throw", () => {
    const edits = fc.array(fc.record({ path: fc.string(), value: fc.jsonValue() })) as fc.Arbitrary<Edit[]>;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), edits, (tree, some) => {
        edited(tree, some);
      }),
    );
  });
});
