import { describe, expect, it } from "vitest";
import { sectionOf } from "../../../cli/plan/finding-sections";
import { FINDING_SECTIONS } from "../../../cli/plan/report";
import { ALL_RULES, PACKS } from "../../../policies/packs";

/** Rules over a whole stack that are about access and traffic rather than about machines and what runs on them. */
const ELSEWHERE = ["ML-11", "RBAC-03"];

describe("the sections of a plan", () => {
  it("have every rule of the GPU pack that is about how the parts of a stack fit together", () => {
    const ofStack = PACKS["gpu-ml"]!.filter((rule) => "judgeStack" in rule && !rule.id.startsWith("NET-"));
    const missing = ofStack.map(({ id }) => id).filter((id) => sectionOf(id) === undefined);
    expect([...new Set(missing)].sort()).toEqual(ELSEWHERE);
  });

  it.each(FINDING_SECTIONS.filter((section) => section !== "other"))("%s has rules", (section) => {
    expect(ALL_RULES.filter(({ id }) => sectionOf(id) === section)).not.toEqual([]);
  });
});
