import type { Edit } from "../../../../policies/engine/edit";
import { judgementsOf } from "../../judgements";
import type { ResourceRule } from "../../../../policies/engine/rule";
import { Subject } from "../../../../policies/engine/subject";
import { urnOf, type TestResource } from "../../analyzer";

/** The changes that a rule offers for a resource, with its parameters as they are by default. */
export function fixesOf(rule: ResourceRule, resource: TestResource): Edit[] {
  const { type, name = "it", props } = resource;
  const subject = new Subject({ type, name, urn: urnOf(resource), props });
  const parameters = Object.fromEntries(
    Object.entries(rule.parameters).map(([key, { default: value }]) => [key, value]),
  );
  return judgementsOf(rule, [subject], parameters).flatMap(([, judgement]) =>
    "undecidedPath" in judgement ? [] : (judgement.fix ?? []),
  );
}
