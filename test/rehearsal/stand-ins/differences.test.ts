import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { differences } from "../../../rehearsal/stand-ins/differences";
import { type Properties, UNKNOWN } from "../../../rehearsal/stand-ins/values";

describe("differences are found property by property", () => {
  test.each<[string, Properties, Properties, string[]]>([
    ["changed", { size: 1 }, { size: 2 }, ["update size"]],
    ["added", {}, { size: 1 }, ["add size"]],
    ["removed", { size: 1 }, {}, ["delete size"]],
    ["removed by null", { size: 1 }, { size: null }, ["delete size"]],
    ["missing and null alike", { size: null }, {}, []],
    ["inside mappings", { scaling: { min: 0, max: 1 } }, { scaling: { min: 0, max: 2 } }, ["update scaling.max"]],
    ["under names with dots", { tags: { "a.b": "1" } }, { tags: { "a.b": "2" } }, ['update tags["a.b"]']],
    ["inside lists", { taints: [{ key: "a" }] }, { taints: [{ key: "b" }] }, ["update taints[0].key"]],
    ["by the length of lists", { ids: ["a"] }, { ids: ["a", "b"] }, ["add ids[1]"]],
    ["in the type", { value: "1" }, { value: 1 }, ["update value"]],
    ["in the form", { value: ["1"] }, { value: { one: 1 } }, ["update value"]],
    ["not known yet", { arn: "a" }, { arn: UNKNOWN }, ["update arn"]],
    ["still not known", { arn: UNKNOWN }, { arn: UNKNOWN }, ["update arn"]],
  ])("%s", (_, olds, news, expected) => {
    expect(differences(olds, news).map(({ change, path }) => `${change} ${path}`)).toEqual(expected);
  });

  test("with the names on the way, by which replacements are decided", () => {
    const [difference] = differences({ rules: [{ port: 1 }] }, { rules: [{ port: 2 }] });

    expect(difference?.names).toEqual(["rules", "port"]);
  });
});

const properties = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Properties>;

test("nothing differs from itself", () => {
  fc.assert(
    fc.property(properties, (inputs) => {
      expect(differences(inputs, structuredClone(inputs))).toEqual([]);
    }),
  );
});

test("there are as many differences there as back, and what is added there is removed back", () => {
  const back = { add: "delete", delete: "add", update: "update" };
  fc.assert(
    fc.property(properties, properties, (olds, news) => {
      const there = differences(olds, news).map(({ path, change }) => ({ path, change: back[change] }));

      expect(differences(news, olds).map(({ path, change }) => ({ path, change }))).toEqual(there);
    }),
  );
});
