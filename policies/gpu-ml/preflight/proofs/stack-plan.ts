import { costOf, stackRegionOf, type StackCost } from "../../../../preflight/cost";
import { planOf, type Plan, type PlanSettings } from "../../../../preflight/plan";
import type { PlannedResource } from "../../../../preflight/planned-resource";
import type { PlannedPool } from "../../../../preflight/pools";
import type { Subject } from "../../../engine/subject";

/** A plan, what it is a plan of, and at which prices and in which region it was made. */
export interface PlannedStack {
  resources: readonly PlannedResource[];
  plan: Plan;
  market: PlanSettings;
}

/** Plans of stacks that were asked for before: several rules read the plan of one stack. */
const PLANS = new WeakMap<readonly Subject[], PlannedStack>();

/** Plans a stack as rules see it, which know neither parents nor what waits for what, at the prices of the tables. */
export function plannedStackOf(subjects: readonly Subject[]): PlannedStack {
  const known = PLANS.get(subjects);
  if (known !== undefined) return known;
  const resources = subjects.map(({ type, name, urn, tree }) => ({ type, name, urn, properties: tree }));
  const planned = { resources, plan: planOf(resources), market: {} };
  PLANS.set(subjects, planned);
  return planned;
}

/** What a planned stack costs at other prices, with pods on the machines that are preferred at those of the plan. */
export function costAt({ resources, plan }: PlannedStack, { prices, region }: PlanSettings): StackCost {
  return costOf({
    ...plan,
    resources,
    region: region ?? stackRegionOf(resources),
    ...(prices === undefined ? {} : { prices }),
  });
}

/** The pool of a plan that a resource declares, with its number; undefined where the plan has none of it. */
export function plannedPoolOf({ urn }: Subject, { pools }: Plan): { pool: PlannedPool; number: number } | undefined {
  const number = pools.findIndex(({ resources }) => resources.includes(urn));
  return number < 0 ? undefined : { pool: pools[number]!, number };
}
