import type { PlannedPool } from "../pools/planned-pool";

/** What decides between pools, or machines of a pool, that take the same pods. */
export interface Preferred {
  pool: PlannedPool;
  /** GPUs of a node. */
  gpus: number;
}

/**
 * Places of pools in the order in which new nodes are asked for: by weight, then those without GPUs, which are left to
 * pods that ask for them, then by price, with those of which it is not known at the end, and otherwise those with the
 * fewest GPUs in the order of the plan.
 *
 * @see https://karpenter.sh/docs/concepts/nodepools/#specweight (v1.14)
 */
export function ranksOf(offers: readonly Preferred[]): number[] {
  const keys = offers.map(({ pool, gpus }) => [
    -(pool.weight ?? 0),
    gpus > 0 ? 1 : 0,
    pool.preferencePrice ?? Infinity,
    gpus,
  ]);
  const ranks: number[] = [];
  [...offers.keys()]
    .sort((a, b) => compared(keys[a]!, keys[b]!) || a - b)
    .forEach((offer, rank) => (ranks[offer] = rank));
  return ranks;
}

function compared(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((key, index) => key !== other[index]);
  return at < 0 ? 0 : one[at]! < other[at]! ? -1 : 1;
}
