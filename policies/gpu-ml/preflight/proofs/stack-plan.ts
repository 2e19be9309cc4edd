import { costOf, stackRegionOf, type StackCost } from "../../../../preflight/cost";
import { planOf, type Plan, type PlanSettings } from "../../../../preflight/plan";
import type { PlannedResource } from "../../../../preflight/planned-resource";
import type { Subject } from "../../../engine/subject";

/** A plan, and what it is a plan of. */
interface PlannedStack {
  resources: PlannedResource[];
  plan: Plan;
}

/** Plans of stacks that were asked for before: several rules read the plan of one stack. */
const PLANS = new WeakMap<readonly Subject[], PlannedStack>();

/** Plans a stack as rules see it, which know neither parents nor what waits for what. */
export function stackPlanOf(subjects: readonly Subject[]): Plan {
  return plannedStackOf(subjects).plan;
}

/** What a stack costs at some prices, with pods on the machines that are preferred at those of the tables. */
export function stackCostOf(subjects: readonly Subject[], { prices, region }: PlanSettings): StackCost {
  const { resources, plan } = plannedStackOf(subjects);
  return costOf({
    ...plan,
    resources,
    region: region ?? stackRegionOf(resources),
    ...(prices === undefined ? {} : { prices }),
  });
}

function plannedStackOf(subjects: readonly Subject[]): PlannedStack {
  const known = PLANS.get(subjects);
  if (known !== undefined) return known;
  const resources = subjects.map(({ type, name, urn, tree }) => ({ type, name, urn, properties: tree }));
  const planned = { resources, plan: planOf(resources) };
  PLANS.set(subjects, planned);
  return planned;
}
