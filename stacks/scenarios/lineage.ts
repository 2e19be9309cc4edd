import type { LineageArgs } from "../../components";
import type { ScenarioContext } from "./scenario";

/** The lineage of a scenario's workload as its arguments take it: the commit, where it is known. */
export function lineageOf({ commit }: Pick<ScenarioContext, "commit">): { lineage?: LineageArgs } {
  return commit === undefined ? {} : { lineage: { commit } };
}
