import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { policiesOf } from "../../policies/engine/family";
import type { Rule } from "../../policies/engine/rule";
import { RULES as GPU_ML } from "../../policies/gpu-ml/rules";
import { RULES as POD_SECURITY } from "../../policies/pod-security/rules";
import { checkoutRoot } from "../../rehearsal/checkout";

const documentation = readFileSync(join(checkoutRoot(), "docs", "policies.md"), "utf8");

const rows = documentation
  .split("\n")
  .filter((line) => /^\| [A-Z]+-\d+ /.test(line))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  .filter(([id]) => !id!.startsWith("META"));

function rowOf(rule: Rule, pack: string): string[] {
  const parameters = Object.keys(rule.parameters).map((name) => `\`${name}\``);
  const policy = policiesOf([rule])[0]!.name;
  return [
    rule.id,
    rule.title,
    rule.severity,
    rule.level,
    parameters.length === 0 ? "—" : parameters.join(", "),
    `\`${policy}\``,
    `\`${pack}\``,
  ];
}

describe("the documented table of rules", () => {
  it("has one row per rule, and no other", () => {
    const rules = [
      ...POD_SECURITY.map((rule) => rowOf(rule, "pod-security")),
      ...GPU_ML.map((rule) => rowOf(rule, "gpu-ml")),
    ];

    expect(rows.toSorted()).toEqual(rules.toSorted());
  });
});
