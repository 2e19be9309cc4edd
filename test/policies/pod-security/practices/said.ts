import type { TreeObject } from "../../../../components/model";
import { judgementsOf } from "../../judgements";
import type { Edit } from "../../../../policies/engine/edit";
import type { Judgement, Rule } from "../../../../policies/engine/rule";
import { resourcesIn, subjectsOf } from "../../../../policies/engine/written-resource";
import { analyze, analyzeStack, lines, type TestResource } from "../../analyzer";

/** The resources of a stream of YAML; `?` stands for a value that is not known yet. */
export function written(yaml: string): TestResource[] {
  const text = yaml.replaceAll(/(?<=[:[,-] )\?(?=[ ,}\]\n]|$)/g, "04da6b54-80e4-46f7-96ec-b56ff0331ba9");
  return resourcesIn(text).map(({ type, name, properties }) => ({ type, name, props: properties }));
}

/** What a rule says of a resource, or of the first of a stream of YAML, as level and message. */
export function said(rule: Rule, resource: TestResource | string, parameters: object = {}): string[] {
  const one = typeof resource === "string" ? written(resource)[0]! : resource;
  return lines(analyze([rule], one, configOf(rule, rule.family, parameters)));
}

/** What a stack rule says of a stream of YAML. */
export function saidOfStack(rule: Rule, yaml: string): string[] {
  return lines(analyzeStack([rule], written(yaml)));
}

/** How the message reads where a rule about single resources waits for a value. */
export function waiting(rule: Rule, object: string, ...paths: string[]): string {
  return (
    `advisory [${rule.id}] ${object}: ${paths.join(", ")} is not known yet; ` +
    `allowed: a value that keeps "${rule.title}". It is judged at update, before the object is created.`
  );
}

/** The paths for which a rule waits, whatever the engine makes of that. */
export function waitsFor(rule: Rule, resource: TestResource): string[] {
  return judged(rule, resource).flatMap((judgement) => ("undecidedPath" in judgement ? [judgement.undecidedPath] : []));
}

/** The changes that a rule offers for a resource. */
export function fixesOf(rule: Rule, resource: TestResource, parameters: object = {}): Edit[] {
  return judged(rule, resource, parameters).flatMap((judgement) =>
    "undecidedPath" in judgement ? [] : (judgement.fix ?? []),
  );
}

/** Values that a parameter refuses, as the configuration reports them. */
export function refused(rule: Rule, parameter: string, value: unknown): boolean {
  return !rule.parameters[parameter]!.accepts(value as never);
}

function configOf(rule: Rule, family: string, parameters: object): Record<string, object> {
  const level = rule.level === "disabled" ? { level: "mandatory" } : {};
  const entry = { ...level, ...parameters };
  return Object.keys(entry).length === 0 ? {} : { [family]: { rules: { [rule.id]: entry } } };
}

function judged(rule: Rule, { type, props, name = "it" }: TestResource, parameters: object = {}): Judgement[] {
  const defaults = Object.entries(rule.parameters).map(([key, { default: value }]): [string, unknown] => [key, value]);
  const subjects = subjectsOf([{ type, name, properties: props as TreeObject }]);
  const values = { ...Object.fromEntries(defaults), ...parameters };
  return judgementsOf(rule, subjects, values).map(([, judgement]) => judgement);
}
