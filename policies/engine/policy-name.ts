import type { Rule } from "./rule";

/** Name of the policy of each pack that judges the stack as a whole, and tells what became of exemptions. */
export const STACK_POLICY = "stack";

/** Name of the policy that dispatches a rule, under which its configuration stands. */
export function policyNameOf(rule: Rule): string {
  return "judgeStack" in rule ? STACK_POLICY : rule.family;
}
