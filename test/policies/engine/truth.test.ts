import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../components/model";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../../policies/engine/truth";

describe("three-valued truth", () => {
  it.each<[Truth[], Truth, Truth]>([
    [[], true, false],
    [[true], true, true],
    [[false], false, false],
    [[UNKNOWN], UNKNOWN, UNKNOWN],
    [[true, UNKNOWN], UNKNOWN, true],
    [[false, UNKNOWN], false, UNKNOWN],
    [[true, false], false, true],
    [[true, false, UNKNOWN], false, true],
  ])("of %j: all are %s, any is %s", (parts, all, any) => {
    expect(allOf(parts)).toBe(all);
    expect(anyOf(parts)).toBe(any);
  });

  it("negates", () => {
    expect([true, false, UNKNOWN].map((truth) => not(truth as Truth))).toEqual([false, true, UNKNOWN]);
  });

  it("compares an unknown leaf to nothing for certain", () => {
    expect(isOneOf(UNKNOWN, "a")).toBe(UNKNOWN);
    expect(isOneOf("a", "b", UNKNOWN)).toBe(UNKNOWN);
    expect(isOneOf("a", "a", UNKNOWN)).toBe(true);
    expect(isOneOf("a", "b")).toBe(false);
  });
});
