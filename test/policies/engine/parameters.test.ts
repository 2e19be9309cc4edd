import { describe, expect, it } from "vitest";
import type { Tree } from "../../../components/model";
import {
  choice,
  choices,
  onOff,
  patternList,
  quantity,
  textLike,
  textList,
  wholeNumber,
} from "../../../policies/engine/parameters";
import type { Parameter } from "../../../policies/engine/rule";

describe("parameters", () => {
  it.each<[string, Parameter<unknown>, Tree[], Tree[]]>([
    ["a switch", onOff("d", true), [true, false], ["true", 1, null]],
    ["a whole number from a least one", wholeNumber("d", 2, 1), [1, 2, 100], [0, 1.5, "2", NaN, Infinity, null]],
    ["a whole number within bounds", wholeNumber("d", 2, 1, 64), [1, 64], [0, 65]],
    ["a number that text is none of", wholeNumber("d", 2, 1, 4), [2], ["2", [2], true]],
    ["an amount", quantity("d", "10Gi"), ["10Gi", "1"], ["much", 10, ""]],
    ["a text of a form", textLike("d", "1.35", /^1\.\d+$/), ["1.36"], ["1.x", 1.36, ""]],
    ["one of some texts", choice("d", "a", ["a", "b"]), ["a", "b"], ["c", ["a"], null]],
    ["any of some texts", choices("d", ["a"], ["a", "b"]), [[], ["b", "a"]], ["a", ["a", "c"], {}]],
    ["texts", textList("d"), [[], ["a", ""]], ["a", ["a", 7], { 0: "a" }]],
    ["texts with a star", patternList("d", ["a-*"]), [[], ["*", "a-*-b"]], ["a", ["a*b*"], ["a", 7]]],
  ])("accept %s", (_case, parameter, accepted, refused) => {
    for (const value of accepted) expect(parameter.accepts(value), JSON.stringify(value)).toBe(true);
    for (const value of refused) expect(parameter.accepts(value), JSON.stringify(value)).toBe(false);
  });

  it.each<[string, Parameter<unknown>, object]>([
    ["a switch", onOff("d", true), { default: true, schema: { type: "boolean" } }],
    ["a least number", wholeNumber("d", 2, 1), { default: 2, schema: { type: "integer", minimum: 1 } }],
    ["bounds", wholeNumber("d", 2, 1, 64), { default: 2, schema: { type: "integer", minimum: 1, maximum: 64 } }],
    ["an amount", quantity("d", "1Gi"), { default: "1Gi", schema: { type: "string" } }],
    ["a form", textLike("d", "1.35", /^1/), { default: "1.35", schema: { type: "string", pattern: "^1" } }],
    ["a choice", choice("d", "a", ["a", "b"]), { default: "a", schema: { type: "string", enum: ["a", "b"] } }],
    [
      "choices",
      choices("d", ["a"], ["a", "b"]),
      { default: ["a"], schema: { type: "array", items: { type: "string", enum: ["a", "b"] } } },
    ],
    ["no texts", textList("d"), { default: [], schema: { type: "array", items: { type: "string" } } }],
  ])("say %s", (_case, parameter, facts) => {
    expect(parameter).toMatchObject({ description: "d", ...facts });
    expect(parameter.schema).toEqual((facts as { schema: object }).schema);
  });
});
