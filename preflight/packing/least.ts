import type { Ground } from "../placement/ground";
import type { PodKind } from "../placement/pod-kind";

/**
 * The least of each resource that any pod which may be on a pool asks for, by the number of the pool and of the
 * resource; 0 where some ask for none.
 */
export function leastByPool(grounds: readonly Ground[], kinds: readonly PodKind[]): Float64Array[] {
  const least = grounds.map(({ free }) => new Float64Array(free.length).fill(Infinity));
  const asking = grounds.map(({ free }) => new Float64Array(free.length));
  const all = new Float64Array(grounds.length);
  for (const { demand, order } of kinds) {
    const { resources, amounts } = demand;
    for (const { number } of order) {
      all[number]! += 1;
      for (let index = 0; index < resources.length; index++) {
        const resource = resources[index]!;
        asking[number]![resource]! += 1;
        if (amounts[index]! < least[number]![resource]!) least[number]![resource] = amounts[index]!;
      }
    }
  }
  return least.map((amounts, pool) => amounts.map((amount, at) => (asking[pool]![at] === all[pool] ? amount : 0)));
}
