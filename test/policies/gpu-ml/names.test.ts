import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree } from "../../../components/model";
import { undecided } from "../../../policies/engine/rule";
import { Subject } from "../../../policies/engine/subject";
import { patternList } from "../../../policies/engine/parameters";
import { entriesOf, isLike, isNamed, unlessNamed } from "../../../policies/gpu-ml/names";

function subject(metadata: Tree): Subject {
  return new Subject({ type: "kubernetes:core/v1:Service", name: "a", urn: "urn", props: { metadata } });
}

describe("names with a star", () => {
  it.each<[Tree, string[], boolean | symbol]>([
    ["argo", ["argo"], true],
    ["argo", ["katib", "argo"], true],
    ["argo", [], false],
    ["argo-server", ["argo"], false],
    ["argo-server", ["argo-*"], true],
    ["argo-", ["argo-*"], true],
    ["argo", ["argo-*"], false],
    ["my-server", ["*-server"], true],
    ["my-servers", ["*-server"], false],
    ["kube-a-role", ["kube-*-role"], true],
    ["kube-role", ["kube-*-role"], false],
    ["aba", ["ab*ba"], false],
    ["anything", ["*"], true],
    [UNKNOWN, ["*"], true],
    [UNKNOWN, ["a"], UNKNOWN],
    [UNKNOWN, [], false],
    [undefined, ["a"], false],
    [undefined, [""], true],
    [7, ["7"], false],
  ])("says whether %o is like %o", (text, patterns, expected) => {
    expect(isLike(text, patterns)).toBe(expected);
  });

  it.each<[Tree, string, boolean | symbol]>([
    [{ name: "a", namespace: "ml" }, "a", true],
    [{ name: "a", namespace: "ml" }, "ml/a", true],
    [{ name: "a", namespace: "ml" }, "*/a", true],
    [{ name: "a", namespace: "ml" }, "ml/*", true],
    [{ name: "a", namespace: "ml" }, "etl/a", false],
    [{ name: "a", namespace: "ml" }, "ml/b", false],
    [{ name: "a" }, "default/a", true],
    [{ name: "a", namespace: null }, "default/a", true],
    [{ name: UNKNOWN, namespace: "ml" }, "ml/a", UNKNOWN],
    [{ name: UNKNOWN, namespace: "etl" }, "ml/a", false],
    [{ name: "a", namespace: UNKNOWN }, "ml/a", UNKNOWN],
    [{ name: "a", namespace: UNKNOWN }, "a", true],
    [UNKNOWN, "a", UNKNOWN],
  ])("says whether an object with %o is called %s", (metadata, pattern, expected) => {
    expect(isNamed(subject(metadata), [pattern])).toBe(expected);
  });
});

describe("what is said unless an object is named", () => {
  const violation = { path: "spec", observed: "a", allowed: "b", remedy: "C." };
  const judgements = [violation, undecided("spec.type")];

  it.each<[string, Tree, string[], unknown[]]>([
    ["nothing of one that is", { name: "a" }, ["a"], []],
    ["everything of one that is not", { name: "b" }, ["a"], judgements],
    ["that its name decides", { name: UNKNOWN }, ["a"], [undecided("metadata.name"), undecided("spec.type")]],
    [
      "that its namespace decides",
      { name: "a", namespace: UNKNOWN },
      ["ml/a"],
      [undecided("metadata.namespace"), undecided("spec.type")],
    ],
  ])("is %s", (_case, metadata, patterns, expected) => {
    expect([...unlessNamed(subject(metadata), patterns, judgements)]).toEqual(expected);
  });
});

describe("the parameter of names", () => {
  const parameter = patternList("a list", ["a"]);

  it("says what its stars stand for", () => {
    expect(parameter).toMatchObject({ description: "a list; * stands for any text, once in each", default: ["a"] });
    expect(parameter.schema).toEqual({ type: "array", items: { type: "string", pattern: "^[^*]*\\*?[^*]*$" } });
  });

  it.each<[Tree, boolean]>([
    [[], true],
    [["a", "b-*"], true],
    [["a*b*"], false],
    [["a", 7], false],
    ["a", false],
  ])("accepts %o: %s", (value, accepted) => {
    expect(parameter.accepts(value)).toBe(accepted);
  });

  it("reads the entries of objects only", () => {
    expect(entriesOf({ a: 1 })).toEqual([["a", 1]]);
    expect(entriesOf([1])).toEqual([]);
    expect(entriesOf(undefined)).toEqual([]);
  });
});
