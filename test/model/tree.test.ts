import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrayAt, childAt, isTreeObject, objectAt, stringAt, type Tree } from "../../components/model/tree";
import { isUnknown, UNKNOWN } from "../../components/model/unknown";

const tree: Tree = { object: { a: 1 }, array: [1, 2], text: "x", number: 3, none: null, later: UNKNOWN };

describe("isTreeObject", () => {
  it.each<[name: string, node: Tree, answer: boolean]>([
    ["an object", {}, true],
    ["an array", [], false],
    ["a text", "x", false],
    ["null", null, false],
    ["nothing", undefined, false],
    ["an unknown value", UNKNOWN, false],
  ])("answers for %s", (_name, node, answer) => {
    expect(isTreeObject(node)).toBe(answer);
  });
});

describe("reading a tree", () => {
  it("finds the child of the asked shape", () => {
    expect(objectAt(tree, "object")).toEqual({ a: 1 });
    expect(arrayAt(tree, "array")).toEqual([1, 2]);
    expect(stringAt(tree, "text")).toBe("x");
    expect(childAt(tree, "number")).toBe(3);
  });

  it.each(["array", "text", "number", "none", "later", "absent", "toString"])("finds no object at %s", (key) => {
    expect(objectAt(tree, key)).toBeUndefined();
  });

  it.each(["object", "text", "number", "none", "later", "absent", "toString"])("finds an empty array at %s", (key) => {
    expect(arrayAt(tree, key)).toEqual([]);
  });

  it.each(["object", "array", "number", "none", "later", "absent", "toString"])("finds no text at %s", (key) => {
    expect(stringAt(tree, key)).toBeUndefined();
  });

  it("takes every child of an unknown value for unknown", () => {
    expect(isUnknown(childAt(tree, "later"))).toBe(true);
    expect(isUnknown(childAt(UNKNOWN, "anything"))).toBe(true);
  });

  it("does not take inherited properties for children", () => {
    fc.assert(
      fc.property(fc.constantFrom("constructor", "toString", "__proto__", "length"), fc.jsonValue(), (key, value) => {
        const node = value as Tree;
        fc.pre(!isTreeObject(node) || !Object.hasOwn(node, key));
        expect(childAt(node, key)).toBeUndefined();
      }),
    );
  });
});
