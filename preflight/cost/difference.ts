import type { HourlyCost, PoolCost, StackCost } from "./cost";
import { type Micros, microsOf, usdIfKnown, usdText } from "./money";

/** What becomes of something between two states of a stack. */
export type Change = "added" | "removed" | "changed" | "unchanged";

/** By how much the costs of something change; undefined where one of the two is not known, or nothing bounds either. */
export interface CostChange extends HourlyCost {
  /** Name of the pool or tenant; empty for the environment. */
  name: string;
  change: Change;
}

/** How the costs of two states of a stack differ. */
export interface CostDifference {
  environment: CostChange;
  /** Pools of either state: first those of the later one in its order, then those that are gone. */
  pools: readonly CostChange[];
  /** Tenants of either state in the same order. */
  tenants: readonly CostChange[];
  /** `this change adds up to USD 214.00/h`, as a sentence without a period. */
  sentence: string;
}

/** What of the costs of a stack is compared with another state. */
export type ComparedCost = Pick<StackCost, "environment" | "pools" | "tenants">;

const FIGURES = ["idle", "typical", "ceiling"] as const;
const NOTHING: HourlyCost = { idle: 0, typical: 0, ceiling: 0 };

/**
 * How the costs of a stack change.
 *
 * @param before costs of the last deployed state; undefined where there is none.
 */
export function costDifference(before: ComparedCost | undefined, after: ComparedCost): CostDifference {
  const pools = changes(before?.pools, after.pools, ({ pool }) => pool, isSamePool);
  const tenants = changes(before?.tenants, after.tenants, ({ tenant }) => tenant, isSameCost);
  const environment = changeOf("", before?.environment, after.environment, isSameCost);
  return { environment, pools, tenants, sentence: sentenceOf(before, after, { environment, pools, tenants }) };
}

function changes<Cost extends HourlyCost>(
  before: readonly Cost[] | undefined,
  after: readonly Cost[],
  nameOf: (cost: Cost) => string,
  isSame: (before: Cost, after: Cost) => boolean,
): CostChange[] {
  const [old, now] = [before ?? [], after].map((costs) => new Map(costs.map((cost) => [nameOf(cost), cost])));
  const names = [...new Set([...now!.keys(), ...old!.keys()])];
  return names.map((name) => changeOf(name, old!.get(name), now!.get(name), isSame));
}

function changeOf<Cost extends HourlyCost>(
  name: string,
  before: Cost | undefined,
  after: Cost | undefined,
  isSame: (before: Cost, after: Cost) => boolean,
): CostChange {
  const [from, to]: HourlyCost[] = [before ?? NOTHING, after ?? NOTHING];
  const [idle, typical, ceiling] = FIGURES.map((figure) => usdIfKnown(differenceOf(from![figure], to![figure])));
  return { name, change: kindOf(before, after, isSame), idle, typical, ceiling };
}

function kindOf<Cost>(
  before: Cost | undefined,
  after: Cost | undefined,
  isSame: (before: Cost, after: Cost) => boolean,
): Change {
  if (before === undefined || after === undefined) return before === undefined ? "added" : "removed";
  return isSame(before, after) ? "unchanged" : "changed";
}

function isSameCost(before: HourlyCost, after: HourlyCost): boolean {
  return FIGURES.every((figure) => before[figure] === after[figure]);
}

/** Where prices are missing, pools cost the same that have as many nodes of the same machines. */
function isSamePool(before: PoolCost, after: PoolCost): boolean {
  if (!isSameCost(before, after)) return false;
  if (FIGURES.every((figure) => after[figure] !== undefined)) return true;
  const areNodesSame = FIGURES.every((figure) => {
    return before.nodes[figure] !== undefined && before.nodes[figure] === after.nodes[figure];
  });
  const areMachinesSame = MACHINE.every((property) => before[property] === after[property]);
  return areNodesSame && areMachinesSame && after.instanceType !== undefined;
}

/** What tells the machines of a pool apart; what is missing of a price names all of their types. */
const MACHINE = ["instanceType", "capacityType", "missing"] as const;

function differenceOf(before: number | undefined, after: number | undefined): Micros | undefined {
  if (before === undefined || after === undefined || (before === Infinity && after === Infinity)) return undefined;
  return microsOf(after) - microsOf(before);
}

function sentenceOf(
  before: ComparedCost | undefined,
  after: ComparedCost,
  { environment, pools, tenants }: Omit<CostDifference, "sentence">,
): string {
  const [from, to] = [(before?.environment ?? NOTHING).ceiling, after.environment.ceiling];
  if (to === Infinity) {
    return from === Infinity ? "nothing bounds the cost, as before" : "with this change nothing bounds the cost";
  }
  if (from === Infinity && to !== undefined) {
    const isPartial = after.pools.some(({ ceiling }) => ceiling === undefined);
    return `this change bounds the cost to ${usdText(to)}/h${isPartial ? WITHOUT_OTHERS : ""}`;
  }
  if ([...pools, ...tenants].every(({ change }) => change === "unchanged")) return "this change changes nothing";
  const { ceiling } = environment;
  // What has no price and stays as it is makes no difference.
  const isPartial = pools.some((pool) => pool.ceiling === undefined && pool.change !== "unchanged");
  if (ceiling === undefined || (ceiling === 0 && isPartial)) {
    return "by how much this change moves the cost is not known";
  }
  if (ceiling === 0) return "this change moves the cost, and leaves its ceiling as it is";
  const what = ceiling > 0 ? `adds up to ${usdText(ceiling)}/h` : `saves up to ${usdText(-ceiling)}/h`;
  return `this change ${what}${isPartial ? WITHOUT_OTHERS : ""}`;
}

const WITHOUT_OTHERS = ", without what has no price";
