import { describe, expect, it } from "vitest";
import type { Tree, TreeObject } from "../../components/model";
import { edited } from "../../policies/engine/edit";
import { judgementsOf } from "./judgements";
import { policyNameOf } from "../../policies/engine/policy-name";
import type { Rule, Violation } from "../../policies/engine/rule";
import { resourcesIn, subjectsOf, type WrittenResource } from "../../policies/engine/written-resource";
import { PACKS } from "../../policies/packs";
import { analyze, analyzeStack, UNKNOWN_STRING, type Diagnostic } from "./analyzer";
import { leafPathsOf, withLeaf, type LeafPath } from "./leaves";

const rules = Object.entries(PACKS).flatMap(([pack, ofPack]) =>
  ofPack.map((rule): [title: string, rule: Rule, pack: string] => [`${rule.id} ${rule.title}`, rule, pack]),
);

/** What CrossGuard is told of some resources by one rule. */
function diagnosticsOf(rule: Rule, resources: WrittenResource[], level?: string): Diagnostic[] {
  const sent = resources.map(({ type, name, properties }) => ({ type, name, props: properties }));
  // Rules that are off unless asked for are judged here all the same.
  const asked = level ?? (rule.level === "disabled" ? "advisory" : undefined);
  const entry = asked === undefined ? {} : { rules: { [rule.id]: asked } };
  const config = { [policyNameOf(rule)]: entry };
  const diagnostics = [...sent.flatMap((one) => analyze([rule], one, config)), ...analyzeStack([rule], sent, config)];
  return diagnostics.filter(({ name }) => name !== "META-04");
}

function isUndecided({ message }: Diagnostic): boolean {
  return message.includes(" is not known yet; allowed: a value that keeps ");
}

/** Violations of a rule in some resources, by the number of the resource. */
function violationsOf(rule: Rule, resources: WrittenResource[]): { index: number; violation: Violation }[] {
  const subjects = subjectsOf(resources);
  const parameters = Object.fromEntries(
    Object.entries(rule.parameters).map(([name, { default: value }]) => [name, value]),
  );
  return judgementsOf(rule, subjects, parameters).flatMap(([subject, judgement]) =>
    "undecidedPath" in judgement ? [] : [{ index: subjects.indexOf(subject), violation: judgement }],
  );
}

/** Some resources with all fixes made that a rule offers. */
function fixed(rule: Rule, resources: WrittenResource[]): WrittenResource[] {
  const violations = violationsOf(rule, resources);
  return resources.map((resource, index) => {
    const edits = violations.flatMap((one) => (one.index === index ? (one.violation.fix ?? []) : []));
    return { ...resource, properties: edited(resource.properties, edits) };
  });
}

/** Every leaf of some resources but those that tell what they are. */
function leavesOf(resources: WrittenResource[]): [index: number, path: LeafPath][] {
  return resources.flatMap(({ type, properties }, index) =>
    leafPathsOf(properties as Tree)
      .filter(([step]) => !(type.startsWith("kubernetes:") && (step === "apiVersion" || step === "kind")))
      .map((path): [number, LeafPath] => [index, path]),
  );
}

function withUnknown(resources: WrittenResource[], index: number, path: LeafPath): WrittenResource[] {
  return resources.map((resource, at) =>
    at === index
      ? { ...resource, properties: withLeaf(resource.properties, path, UNKNOWN_STRING) as TreeObject }
      : resource,
  );
}

describe.each(rules)("%s", (_title, rule) => {
  const bad = resourcesIn(rule.examples.bad);
  const good = resourcesIn(rule.examples.good);

  it("says what it is, why, what to do, and where it comes from", () => {
    expect(rule.id).toMatch(/^(POD|GPU|LAY|PLACE|COST|ADV|ML|NET|DATA|RBAC|HELM|EKS)-\d\d$/);
    expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
    for (const sentence of [rule.why, rule.remediation]) expect(sentence).toMatch(/^[A-Z`].*\.$/s);
    expect(rule.url).toMatch(/^https:\/\//);
  });

  it("finds fault with its bad example", () => {
    const diagnostics = diagnosticsOf(rule, bad);

    expect(diagnostics.map(({ name }) => name)).toContain(rule.id);
    expect(diagnostics.filter(({ name }) => name !== rule.id)).toEqual([]);
    expect(diagnostics.some(isUndecided)).toBe(false);
  });

  it("has nothing against its good example", () => {
    expect(diagnosticsOf(rule, good)).toEqual([]);
  });

  it("has the level that configuration gives it, and can be switched off", () => {
    for (const level of ["advisory", "mandatory"]) {
      const levels = diagnosticsOf(rule, bad, level).map(({ enforcementLevel }) => enforcementLevel);
      expect(new Set(levels)).toEqual(new Set([level]));
    }
    expect(diagnosticsOf(rule, bad, "disabled")).toEqual([]);
  });

  it("finds the bad example bad or undecided, whichever one leaf of it is not known", () => {
    for (const [index, path] of leavesOf(bad)) {
      const diagnostics = diagnosticsOf(rule, withUnknown(bad, index, path));

      expect(
        diagnostics.map(({ name }) => name),
        `with ${path.join(".")} unknown`,
      ).toContain(rule.id);
    }
  });

  it("finds the good example good or undecided, whichever one leaf of it is not known", () => {
    for (const [index, path] of leavesOf(good)) {
      const found = diagnosticsOf(rule, withUnknown(good, index, path)).filter((one) => !isUndecided(one));

      expect(found, `with ${path.join(".")} unknown`).toEqual([]);
    }
  });

  it.runIf(rule.fix !== undefined)("is kept once its fixes are made, which then change nothing more", () => {
    const once = fixed(rule, bad);

    expect(once).not.toEqual(bad);
    expect(violationsOf(rule, once).filter(({ violation }) => violation.fix !== undefined)).toEqual([]);
    expect(fixed(rule, once)).toEqual(once);
  });

  it.runIf(rule.fix === undefined)("offers no fix", () => {
    expect(violationsOf(rule, bad).flatMap(({ violation }) => violation.fix ?? [])).toEqual([]);
  });
});
