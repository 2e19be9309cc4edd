import type { TreeObject } from "../../../../components/model";
import type { Edit } from "../../../../policies/engine/edit";
import type { Judgement, Parameter, ResourceRule, Rule } from "../../../../policies/engine/rule";
import { subjectsOf } from "../../../../policies/engine/written-resource";
import { analyze, lines, type TestResource } from "../../analyzer";

/** Where the pods of a Job are described, and its first container. */
export const POD = "spec.template.spec";
export const MAIN = `${POD}.containers[0]`;

/** What a rule, set up as given, says of a resource: level and message, line by line. */
export function judged<P extends Record<string, unknown>>(
  rule: ResourceRule<P>,
  resource: TestResource,
  settings?: object,
): string[] {
  const config = settings && { pod: { rules: { [rule.id]: settings } } };
  return lines(analyze([rule], resource, config));
}

/** The line by which a rule leaves some fields of the Job `ml/mnist` to the update. */
export function leftToUpdate(rule: Pick<Rule, "id" | "title">, ...paths: string[]): string {
  return (
    `advisory [${rule.id}] Job ml/mnist: ${paths.join(", ")} is not known yet; allowed: a value that keeps ` +
    `"${rule.title}". It is judged at update, before the object is created.`
  );
}

/** The changes that a rule offers for a resource. */
export function fixesOf<P extends Record<string, unknown>>(rule: ResourceRule<P>, resource: TestResource): Edit[] {
  return judgementsOn(rule, resource).flatMap((judgement) => ("fix" in judgement ? (judgement.fix ?? []) : []));
}

/** The fields that a rule has to know of a resource by itself; the policies leave those of a TrainJob to the stack. */
export function undecidedIn<P extends Record<string, unknown>>(
  rule: ResourceRule<P>,
  resource: TestResource,
): string[] {
  return judgementsOn(rule, resource).flatMap((one) => ("undecidedPath" in one ? [one.undecidedPath] : []));
}

/** An object of a kind of its own API group, as the engine sends it. */
export function objectOf(apiVersion: string, kind: string, spec: object): TestResource {
  return {
    type: `kubernetes:${apiVersion}:${kind}`,
    name: "it",
    props: { apiVersion, kind, metadata: { name: "it" }, spec },
  };
}

function judgementsOn<P extends Record<string, unknown>>(rule: ResourceRule<P>, resource: TestResource): Judgement[] {
  const { type, name = "it", props } = resource;
  const parameters = Object.entries<Parameter<unknown>>(rule.parameters);
  const defaults = Object.fromEntries(parameters.map(([key, parameter]) => [key, parameter.default]));
  const [subject] = subjectsOf([{ type, name, properties: props as TreeObject }]);
  return [...rule.judge(subject!, defaults as P)];
}
