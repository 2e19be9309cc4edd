import { describe, expect, it } from "vitest";
import { nodeAtPath, nodesAlong, pathBelow } from "../../../policies/engine/path";

describe("paths", () => {
  it.each([
    ["spec", "replicas", "spec.replicas"],
    ["data", "a-b_1", "data.a-b_1"],
    ["data", "a.b/c", 'data["a.b/c"]'],
    ["data", 'a"b', 'data["a\\"b"]'],
    ["", "spec", "spec"],
    ["", "a.b", '["a.b"]'],
  ])("go on from %j with %j", (path, key, expected) => {
    expect(pathBelow(path, key)).toBe(expected);
  });

  const tree = { list: [{ "a.b": 1 }], text: "kind: Pod" };

  it.each([
    ['list[0]["a.b"]', 1],
    ["list[1]", undefined],
    ["text[0]", undefined],
    ["list.a", undefined],
    ["text#kind", tree],
    ["", tree],
  ])("lead along %j", (path, expected) => {
    expect(nodeAtPath(tree, path)).toEqual(expected);
  });

  it("tell what stands on the way", () => {
    expect(nodesAlong(tree, "list[0]")).toEqual([tree, tree.list, tree.list[0]]);
  });
});
