import { describe, expect, it } from "vitest";
import type { Tree } from "../../../components/model";
import { wholeNumber } from "../../../policies/engine/parameters";
import type { ResourceRule, Rule } from "../../../policies/engine/rule";
import { settingsOf, type RuleSetting } from "../../../policies/engine/settings";

function rule(change: Partial<ResourceRule> = {}): Rule {
  return {
    id: "A-1",
    title: "It holds",
    why: "Because.",
    remediation: "Mend it.",
    url: "https://example.com/",
    severity: "high",
    level: "mandatory",
    family: "pod",
    parameters: { size: wholeNumber("a size", 2, 1) },
    examples: { bad: "", good: "" },
    judge: () => [],
    ...change,
  };
}

function settingOf(of: Rule, entry: Tree): RuleSetting {
  const rules: Record<string, Tree> = entry === undefined ? {} : { "A-1": entry };
  return settingsOf("pod", [of], { rules }).of(of);
}

const fixable = { fix: "sets it" };

describe("how a rule is applied", () => {
  it.each<[string, Partial<ResourceRule>, Tree, RuleSetting["level"], boolean]>([
    ["mandatory by default", fixable, undefined, "family", true],
    ["without fixes where it offers none", {}, undefined, "family", false],
    ["advisory by default", { ...fixable, level: "advisory" }, undefined, "advisory", true],
    ["off by default, with its fixes", { ...fixable, level: "disabled" }, undefined, "disabled", false],
    ["mandatory by configuration, without fixes", fixable, "mandatory", "mandatory", false],
    ["advisory by configuration, without fixes", fixable, "advisory", "advisory", false],
    ["off by configuration", fixable, "disabled", "disabled", false],
    ["with fixes by configuration", fixable, "remediate", "family", true],
    [
      "with fixes by configuration where it is off by default",
      { ...fixable, level: "disabled" },
      "remediate",
      "family",
      true,
    ],
    ["with fixes by configuration where it offers none", {}, "remediate", "family", false],
    ["as by default where the configuration cannot be read", fixable, "sometimes", "family", true],
    ["as by default where parameters alone are given", fixable, { size: 3 }, "family", true],
  ])("is %s", (_case, change, entry, level, fixes) => {
    const { level: found, fixes: makes } = settingOf(rule(change), entry);

    expect([found, makes]).toEqual([level, fixes]);
  });

  it.each<[string, Tree, Partial<RuleSetting>]>([
    ["by default", undefined, { undecided: "advisory", parameters: { size: 2 } }],
    ["by a parameter", { size: 3 }, { undecided: "advisory", parameters: { size: 3 } }],
    ["by one that it does not accept", { size: 0 }, { parameters: { size: 2 } }],
    ["where what is not known stops a deployment", { undecided: "mandatory" }, { undecided: "mandatory" }],
  ])("has parameters %s", (_case, entry, expected) => {
    expect(settingOf(rule(), entry)).toMatchObject(expected);
  });

  it("follows the profile where it is not part of the settings", () => {
    const other = rule({ id: "A-2", level: "disabled", levels: { prod: "advisory" } });

    expect(settingsOf("pod", [], { profile: "prod" }).of(other).level).toBe("advisory");
    expect(settingsOf("pod", [], {}).of(other).level).toBe("disabled");
  });
});

describe("mistakes in the configuration", () => {
  it.each<[string, Tree, string[]]>([
    ["nothing at all", undefined, []],
    ["nothing said of rules", { rules: null }, []],
    ["nothing said of exemptions", { exemptions: null }, []],
    ["a setting that does not exist", { rule: {} }, ["pod.rule is not a setting"]],
    ["rules that are no object", { rules: "all" }, ['pod.rules is "all"']],
    ["a profile that does not exist", { profile: "test" }, ['pod.profile is "test"']],
    ["a rule that does not exist", { rules: { "A-9": "advisory" } }, ["pod.rules.A-9 is not a rule of this policy"]],
    ["a level that does not exist", { rules: { "A-1": "sometimes" } }, ['pod.rules.A-1 is "sometimes"']],
    ["a level that does not exist in an object", { rules: { "A-1": { level: 1 } } }, ["pod.rules.A-1.level is 1"]],
    [
      "another level of what is not known",
      { rules: { "A-1": { undecided: "no" } } },
      ['pod.rules.A-1.undecided is "no"'],
    ],
    ["levels that exist", { rules: { "A-1": { level: "advisory", undecided: "mandatory" } } }, []],
    [
      "a parameter that does not exist",
      { rules: { "A-1": { toString: 1 } } },
      ["pod.rules.A-1.toString is not a parameter"],
    ],
    ["a value that is not accepted", { rules: { "A-1": { size: 0 } } }, ["pod.rules.A-1.size is 0"]],
  ])("are told: %s", (_case, config, problems) => {
    const found = settingsOf("pod", [rule()], config).problems;

    expect(found.map(({ path, observed }) => `${path} is ${observed}`)).toEqual(problems);
  });
});
