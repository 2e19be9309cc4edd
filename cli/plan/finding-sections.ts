import type { FindingSection } from "./report";

/** Rules whose findings a plan shows, by the section in which they stand there. */
const RULES: Partial<Record<FindingSection, readonly string[]>> = {
  placement: ["PLACE-01", "GPU-02", "GPU-04", "GPU-14", "GPU-15", "ML-13"],
  agreement: [
    ...["LAY-01", "LAY-02", "LAY-03", "LAY-04", "LAY-05", "LAY-06", "LAY-07", "LAY-08", "LAY-09"],
    ...["GPU-07", "GPU-08", "GPU-09", "GPU-10", "GPU-11", "GPU-13", "EKS-04", "ML-14"],
  ],
  cost: ["COST-01"],
  advice: [
    ...["ADV-01", "ADV-02", "ADV-03", "ADV-04"],
    ...["GPU-16", "GPU-17", "GPU-18", "GPU-19", "GPU-20", "GPU-21", "ML-04", "ML-10", "ML-12", "POD-27"],
  ],
};

const SECTIONS = new Map(
  Object.entries(RULES).flatMap(([section, rules]) => rules.map((rule) => [rule, section as FindingSection])),
);

/** The section in which findings of a rule stand, by its id; undefined where the rule is none of a plan. */
export function sectionOf(rule: string): FindingSection | undefined {
  return SECTIONS.get(rule);
}
