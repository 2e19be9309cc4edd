import { MixSearch } from "./mix-search";

/** The most of something that machines of several types can bring together. */
export interface MachineMix {
  /** What the machines bring that were found; `Infinity` where no limit holds one of the types. */
  most: number;
  /** What none of all mixes exceeds: the same, unless there were too many to try. */
  bound: number;
  /** Machines of each type. */
  nodes: readonly number[];
}

/**
 * The mix of machines that brings the most under limits that they share; of several such mixes the one with the most
 * machines of the type that brings the most for its share of the limits.
 *
 * @param values what a machine of each type brings, in whole numbers.
 * @param uses what a machine of each type takes of each limit.
 * @see https://en.wikipedia.org/wiki/Knapsack_problem#Multi-dimensional_knapsack_problem
 */
export function bestMix(
  values: readonly number[],
  uses: readonly (readonly number[])[],
  limits: readonly number[],
): MachineMix {
  const nodes = values.map(() => 0);
  const types: number[] = [];
  for (let type = 0; type < values.length; type++) {
    if (values[type] === 0) continue;
    const most = machinesWithin(uses[type]!, limits);
    if (most === Infinity) {
      nodes[type] = Infinity;
      return { most: Infinity, bound: Infinity, nodes };
    }
    if (most > 0) types.push(type);
  }
  const worth = values.map((value, type) => value / largestShare(uses[type]!, limits));
  types.sort((a, b) => worth[b]! - worth[a]! || values[b]! - values[a]!);
  const search = new MixSearch(
    types.map((type) => values[type]!),
    types.map((type) => uses[type]!),
    limits,
  );
  search.run();
  types.forEach((type, at) => (nodes[type] = search.nodes[at]!));
  return { most: search.most, bound: search.bound, nodes };
}

/** Machines of one type that limits allow when there are no others; `Infinity` where none of them holds it. */
export function machinesWithin(uses: readonly number[], limits: readonly number[]): number {
  let least = Infinity;
  for (let limit = 0; limit < limits.length; limit++) {
    if (uses[limit]! > 0) least = Math.min(least, Math.floor(limits[limit]! / uses[limit]!));
  }
  return Math.max(0, least);
}

function largestShare(uses: readonly number[], limits: readonly number[]): number {
  return uses.reduce((most, use, limit) => (use > 0 ? Math.max(most, use / limits[limit]!) : most), 0);
}
