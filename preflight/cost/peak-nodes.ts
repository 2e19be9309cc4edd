import type { Packing } from "../packing/packing";
import { machinesOf, type PlannedPool } from "../pools/planned-pool";

/** Nodes of each machine, or pool without several, at the packed peak; `Infinity` of a pool that is packed nowhere. */
export function peakNodesOf(pools: readonly PlannedPool[], packing: Packing): (machine: PlannedPool) => number {
  const packed = new Map(packing.pools.map((pool) => [pool.pool, pool]));
  const peaks = new Map<PlannedPool, number>();
  for (const pool of pools) {
    const peak = packed.get(pool.name);
    if (peak === undefined) continue;
    for (const machine of machinesOf(pool)) {
      const ofType = peak.machines?.find(({ instanceType }) => instanceType === typeOf(machine))?.nodes;
      peaks.set(machine, machine === pool ? peak.nodes : (ofType ?? 0));
    }
  }
  return (machine) => peaks.get(machine) ?? Infinity;
}

function typeOf(machine: ReturnType<typeof machinesOf>[number]): string | undefined {
  return "instanceType" in machine ? machine.instanceType : undefined;
}
