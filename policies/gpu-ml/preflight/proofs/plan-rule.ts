import type { Judgement, Rule, RuleFacts, StackRule, Values } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { plannedStackOf, type PlannedStack } from "./stack-plan";

/** A rule that says more, or something else, where the plan of a stack is at hand. */
export interface ReadsPlan {
  /** The rule as it judges by a plan that somebody made already, at the prices of that. */
  within(planned: PlannedStack): Rule;
}

/**
 * A rule about the plan of a stack: by itself it makes the plan, in `mlstack plan` it is given the one that is reported.
 *
 * @param judgePlan what it says of the resources by their plan, which is made when it is asked for.
 */
export function planRule<P extends Values>(
  facts: RuleFacts<P>,
  judgePlan: (subjects: Subject[], parameters: P, planned: () => PlannedStack) => Iterable<[Subject, Judgement]>,
): StackRule<P> & ReadsPlan {
  return {
    ...facts,
    judgeStack: (subjects, parameters) => judgePlan(subjects, parameters, () => plannedStackOf(subjects)),
    within: (planned) => ({
      ...facts,
      judgeStack: (subjects, parameters) => judgePlan(subjects, parameters as P, () => planned),
    }),
  };
}

/** Rules as they judge by a plan that is at hand. */
export function rulesWithin(rules: readonly Rule[], planned: PlannedStack): Rule[] {
  return rules.map((rule) => ("within" in rule ? (rule as Rule & ReadsPlan).within(planned) : rule));
}
