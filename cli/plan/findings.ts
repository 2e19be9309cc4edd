import { describeFinding, type Tree } from "../../components/model";
import { judgeAll } from "../../policies/engine/judge-all";
import { settingsOf } from "../../policies/engine/settings";
import { Subject } from "../../policies/engine/subject";
import { ALL_RULES } from "../../policies/packs";
import type { PlannedResource } from "../../preflight/planned-resource";
import { sectionOf } from "./finding-sections";
import type { ReportedFinding } from "./report";

/** Rules that say whether pods can run, what that costs, whether the layers agree, and what would be better. */
const PLAN_RULES = ALL_RULES.filter(({ id }) => sectionOf(id) !== undefined);

/**
 * What the policy packs say of a plan: the rules about how the parts of a stack fit together. Levels, parameters and
 * exemptions are those of the policy file, so that the plan stops what a deployment would stop.
 *
 * @param configuration content of the policy file.
 * @param today day on which exemptions are judged, as `YYYY-MM-DD`.
 */
export function planFindings(
  resources: readonly PlannedResource[],
  configuration: Tree,
  today: string,
): ReportedFinding[] {
  const settings = settingsOf("policies", ALL_RULES, configuration);
  const trees = resources.map(({ properties }) => properties);
  const subjects = resources.map(
    ({ type, name, urn, properties }) => new Subject({ type, name, urn, props: properties }, trees),
  );
  return judgeAll(PLAN_RULES, settings, subjects, today).flatMap(({ finding, level = "mandatory", exemption }) => {
    const section = sectionOf(finding.rule);
    if (section === undefined || exemption !== undefined) return [];
    return [{ ...finding, section, level, message: describeFinding(finding) }];
  });
}
