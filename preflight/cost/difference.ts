import type { HourlyCost, StackCost } from "./cost";
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

const FIGURES = ["idle", "typical", "ceiling"] as const;
const NOTHING: HourlyCost = { idle: 0, typical: 0, ceiling: 0 };

/**
 * How the costs of a stack change.
 *
 * @param before costs of the last deployed state; undefined where there is none.
 */
export function costDifference(before: StackCost | undefined, after: StackCost): CostDifference {
  const pools = changes(
    named(before?.pools, ({ pool }) => pool),
    named(after.pools, ({ pool }) => pool),
  );
  const tenants = changes(
    named(before?.tenants, ({ tenant }) => tenant),
    named(after.tenants, ({ tenant }) => tenant),
  );
  const environment = changeOf("", before?.environment, after.environment);
  const isPartial = [...(before?.pools ?? []), ...after.pools].some(({ ceiling }) => ceiling === undefined);
  const isSame = [...pools, ...tenants].every(({ change }) => change === "unchanged");
  const bounds = sentenceOfBounds((before?.environment ?? NOTHING).ceiling, after.environment.ceiling);
  const sentence = bounds ?? sentenceOf(environment.ceiling, isSame);
  return { environment, pools, tenants, sentence: isPartial ? `${sentence}, without what has no price` : sentence };
}

function named<Cost extends HourlyCost>(costs: readonly Cost[] | undefined, nameOf: (cost: Cost) => string) {
  return new Map<string, HourlyCost>((costs ?? []).map((cost) => [nameOf(cost), cost]));
}

function changes(before: ReadonlyMap<string, HourlyCost>, after: ReadonlyMap<string, HourlyCost>): CostChange[] {
  const names = [...new Set([...after.keys(), ...before.keys()])];
  return names.map((name) => changeOf(name, before.get(name), after.get(name)));
}

function changeOf(name: string, before: HourlyCost | undefined, after: HourlyCost | undefined): CostChange {
  const [from, to] = [before ?? NOTHING, after ?? NOTHING];
  const [idle, typical, ceiling] = FIGURES.map((figure) => usdIfKnown(differenceOf(from[figure], to[figure])));
  const isSame = FIGURES.every((figure) => from[figure] === to[figure]);
  const change = before === undefined ? "added" : after === undefined ? "removed" : isSame ? "unchanged" : "changed";
  return { name, change, idle, typical, ceiling };
}

function differenceOf(before: number | undefined, after: number | undefined): Micros | undefined {
  if (before === undefined || after === undefined || (before === Infinity && after === Infinity)) return undefined;
  return microsOf(after) - microsOf(before);
}

/** Where something is not bounded before or after a change. */
function sentenceOfBounds(before: number | undefined, after: number | undefined): string | undefined {
  if (after === Infinity) {
    return before === Infinity ? "nothing bounds the cost, as before" : "with this change nothing bounds the cost";
  }
  if (before === Infinity && after !== undefined) return `this change bounds the cost to ${usdText(after)}/h`;
  return undefined;
}

function sentenceOf(ceiling: number | undefined, isSame: boolean): string {
  if (ceiling === undefined) return "by how much this change moves the cost is not known";
  if (ceiling > 0) return `this change adds up to ${usdText(ceiling)}/h`;
  if (ceiling < 0) return `this change saves up to ${usdText(-ceiling)}/h`;
  return isSame ? "this change changes nothing" : "this change moves the cost, and leaves its ceiling as it is";
}
