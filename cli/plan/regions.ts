import type { PlanReport } from "./report";

/** Regions in which pools of a plan are priced, each once; that of the plan where none says its own. */
export function planRegions({ pools, region }: Pick<PlanReport, "pools" | "region">): string[] {
  const told = [...new Set(pools.flatMap((pool) => pool.region ?? []))];
  return told.length > 0 || region === undefined ? told : [region];
}
