import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { TreeObject } from "../../components/model";
import type { ResourceRule, Rule, StackRule } from "./rule";
import { settingsOf, settingsSchema } from "./settings";
import { Subject } from "./subject";
import { configurationReports, judgeResource, judgeStack } from "./verdict";
import { reportTo } from "./violation";

/** Type of the root resource, which every stack has exactly once. */
const STACK_TYPE = "pulumi:pulumi:Stack";

/**
 * Builds the policies of a pack from its table of rules: per family one policy for the rules about single resources and,
 * where there are any, one called `<family>-stack` for those about the stack as a whole.
 *
 * CrossGuard copies all properties anew for every policy, so one policy per rule would cost several times as much.
 */
export function policiesOf(rules: Rule[]): Policies {
  const families = [...new Set(rules.map((rule) => rule.family))];
  return families.flatMap((family) => {
    const ofFamily = rules.filter((rule) => rule.family === family);
    const resourceRules = ofFamily.filter((rule): rule is ResourceRule => "judge" in rule);
    const stackRules = ofFamily.filter((rule): rule is StackRule => "judgeStack" in rule);
    return [
      ...(resourceRules.length > 0 ? [resourcePolicy(family, resourceRules)] : []),
      ...(stackRules.length > 0 ? [stackPolicy(`${family}-stack`, stackRules)] : []),
    ];
  });
}

function resourcePolicy(name: string, rules: ResourceRule[]): ResourceValidationPolicy {
  return {
    ...policyFacts(name, rules),
    validateResource: (args, reportViolation) => {
      const settings = settingsOf(name, rules, args.getConfig<TreeObject>());
      const subject = new Subject(args);
      // Said once, at the resource that every stack has, instead of at each resource again.
      const mistakes = args.type === STACK_TYPE ? configurationReports(settings) : [];
      reportTo(reportViolation, [...mistakes, ...judgeResource(rules, settings, subject)]);
    },
  };
}

function stackPolicy(name: string, rules: StackRule[]): StackValidationPolicy {
  return {
    ...policyFacts(name, rules),
    validateStack: (args, reportViolation) => {
      const settings = settingsOf(name, rules, args.getConfig<TreeObject>());
      const subjects = args.resources.map((resource) => new Subject(resource));
      reportTo(reportViolation, [...configurationReports(settings), ...judgeStack(rules, settings, subjects)]);
    },
  };
}

function policyFacts(name: string, rules: Rule[]) {
  return {
    name,
    description: `Judges ${rules.map(({ id, title }) => `${id} (${title})`).join(", ")}.`,
    enforcementLevel: "mandatory" as const,
    configSchema: { properties: { rules: settingsSchema(rules) } },
  };
}
