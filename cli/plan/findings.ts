import { describeFinding, type Tree } from "../../components/model";
import { judgeAll } from "../../policies/engine/judge-all";
import { settingsOf } from "../../policies/engine/settings";
import { Subject } from "../../policies/engine/subject";
import { rulesWithin } from "../../policies/gpu-ml/preflight/proofs/plan-rule";
import type { PlannedStack } from "../../policies/gpu-ml/preflight/proofs/stack-plan";
import { ALL_RULES } from "../../policies/packs";
import { sectionOf } from "./finding-sections";
import type { ReportedFinding } from "./report";

/**
 * What the policy packs say of a plan: the rules about how the parts of a stack fit together. Levels, parameters and
 * exemptions are those of the policy file, so that the plan stops what a deployment would stop.
 *
 * @param planned the plan, by which the rules judge that read one, at its prices.
 * @param configuration content of the policy file.
 * @param today day on which exemptions are judged, as `YYYY-MM-DD`.
 */
export function planFindings(planned: PlannedStack, configuration: Tree, today: string): ReportedFinding[] {
  const { resources } = planned;
  const rules = rulesWithin(ALL_RULES, planned);
  const settings = settingsOf("policies", rules, configuration);
  // Whether pods can run, what that costs, whether the layers agree, and what would be better.
  const ofPlans = rules.filter(({ id }) => sectionOf(id) !== undefined);
  const trees = resources.map(({ properties }) => properties);
  const subjects = resources.map(
    ({ type, name, urn, properties }) => new Subject({ type, name, urn, props: properties }, trees),
  );
  return judgeAll(ofPlans, settings, subjects, today).flatMap(({ finding, level = "mandatory", exemption }) => {
    const section = sectionOf(finding.rule);
    if (section === undefined || exemption !== undefined) return [];
    return [{ ...finding, section, level, message: describeFinding(finding) }];
  });
}
