import { LAYER_TIES } from "../../policies/gpu-ml/preflight/layers";
import type { FindingSection } from "./report";

/**
 * Rules whose findings a plan shows, by the section in which they stand there; those that tie layers together and are in no
 * other section stand under agreement.
 */
const RULES: Partial<Record<FindingSection, readonly string[]>> = {
  placement: ["PLACE-01", "GPU-02", "GPU-04", "GPU-14", "GPU-15", "ML-13"],
  agreement: ["GPU-07", "GPU-10"],
  cost: ["COST-01"],
  advice: [
    ...["ADV-01", "ADV-02", "ADV-03", "ADV-04"],
    ...["GPU-16", "GPU-17", "GPU-18", "GPU-19", "GPU-20", "GPU-21", "ML-04", "ML-10", "ML-12", "POD-27"],
  ],
};

const SECTIONS = new Map<string, FindingSection>([
  ...LAYER_TIES.map(({ rule }) => [rule, "agreement"] as const),
  ...Object.entries(RULES).flatMap(([section, rules]) =>
    rules.map((rule) => [rule, section as FindingSection] as const),
  ),
]);

/** The section in which findings of a rule stand, by its id; undefined where the rule is none of a plan. */
export function sectionOf(rule: string): FindingSection | undefined {
  return SECTIONS.get(rule);
}
