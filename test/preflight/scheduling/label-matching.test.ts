import { describe, expect, it } from "vitest";
import { labelOf, meets, meetsAll, selects } from "../../../preflight/scheduling/label-matching";
import type { LabelRequirement } from "../../../preflight/scheduling/pod";

const labels = { tier: "gold", gpus: "8", empty: "" };

describe("meets", () => {
  it.each<[key: string, operator: LabelRequirement["operator"], values: string[], met: boolean]>([
    ["tier", "In", ["silver", "gold"], true],
    ["tier", "In", ["silver"], false],
    ["tier", "In", [], false],
    ["none", "In", ["gold"], false],
    ["empty", "In", [""], true],
    ["tier", "NotIn", ["silver"], true],
    ["tier", "NotIn", ["silver", "gold"], false],
    ["none", "NotIn", ["gold"], true],
    ["none", "NotIn", [], false],
    ["tier", "Exists", [], true],
    ["empty", "Exists", [], true],
    ["none", "Exists", [], false],
    ["tier", "Exists", ["gold"], false],
    ["none", "DoesNotExist", [], true],
    ["tier", "DoesNotExist", [], false],
    ["none", "DoesNotExist", ["gold"], false],
    ["gpus", "Gt", ["7"], true],
    ["gpus", "Gt", ["8"], false],
    ["gpus", "Gt", ["-9"], true],
    ["gpus", "Lt", ["9"], true],
    ["gpus", "Lt", ["+9"], true],
    ["gpus", "Lt", ["8"], false],
    ["gpus", "Gt", ["7", "6"], false],
    ["gpus", "Lt", ["9", "10"], false],
    ["gpus", "Gt", [], false],
    ["gpus", "Gt", ["7.5"], false],
    ["gpus", "Gt", ["9223372036854775808"], false],
    ["gpus", "Lt", ["9223372036854775807"], true],
    ["gpus", "Lt", ["9223372036854775808"], false],
    ["gpus", "Gt", ["-9223372036854775808"], true],
    ["gpus", "Gt", ["-9223372036854775809"], false],
    ["tier", "Gt", ["1"], false],
    ["tier", "Lt", ["1"], false],
    ["none", "Gt", ["1"], false],
    ["none", "Lt", ["1"], false],
    ["tier", "Near" as "In", ["gold"], false],
  ])("%s %s %j: %j", (key, operator, values, met) => {
    expect(meets({ key, operator, values }, labels)).toBe(met);
  });

  it("takes no key of every object for a label", () => {
    expect(labelOf(labels, "constructor")).toBeUndefined();
    expect(meets({ key: "constructor", operator: "Exists", values: [] }, labels)).toBe(false);
  });
});

describe("selectors", () => {
  const gold: LabelRequirement = { key: "tier", operator: "In", values: ["gold"] };
  const silver: LabelRequirement = { key: "tier", operator: "In", values: ["silver"] };

  it("select what meets all of their requirements", () => {
    expect(meetsAll([gold, { key: "gpus", operator: "Exists", values: [] }], labels)).toBe(true);
    expect(meetsAll([gold, silver], labels)).toBe(false);
    expect(selects([gold], labels)).toBe(true);
    expect(selects([silver], labels)).toBe(false);
  });

  it("select everything where they are empty, and nothing where there is none", () => {
    expect(selects([], {})).toBe(true);
    expect(selects(undefined, labels)).toBe(false);
  });
});
