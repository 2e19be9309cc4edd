import { describe, expect, it } from "vitest";
import { describeLeaf, isAnyText } from "../../../policies/eks/leaf";

describe("leaves", () => {
  it.each([
    [undefined, "absent, which means off"],
    [null, "absent, which means off"],
    [false, "false"],
    [0, "0"],
    ["", '""'],
    [[], "no single value"],
    [{}, "no single value"],
  ])("describes %j", (leaf, description) => {
    expect(describeLeaf(leaf, "off")).toBe(description);
  });

  it.each([
    ["a", true],
    ["b", true],
    ["c", false],
    [undefined, false],
    [["a"], false],
  ])("tells whether %j is one of some texts", (leaf, isOne) => {
    expect(isAnyText(leaf, ["a", "b"])).toBe(isOne);
  });
});
