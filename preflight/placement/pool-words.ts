import type { DemandedPodSet } from "../demand/workload";
import type { PlannedPool } from "../pools/planned-pool";

/** How messages call a pool: `pool train (g5.12xlarge)`. */
export function poolTitle({ name, shape }: PlannedPool): string {
  return typeof shape.instanceType === "string" ? `pool ${name} (${shape.instanceType})` : `pool ${name}`;
}

/**
 * Some pools in a sentence, three at most by their titles: `pool a (g5.xlarge) and pool b (g6.xlarge)`. A pool that is
 * there with several of its instance types is called by its name alone.
 */
export function poolTitles(pools: readonly PlannedPool[]): string {
  const byName = new Map<string, PlannedPool[]>();
  for (const pool of pools) byName.set(pool.name, [...(byName.get(pool.name) ?? []), pool]);
  const all = [...byName].map(([name, types]) => (types.length === 1 ? poolTitle(types[0]!) : `pool ${name}`));
  return joined(all.length > 3 ? [...all.slice(0, 3), `${all.length - 3} more`] : all);
}

/** How many pools some grounds are of. */
export function poolCount(pools: readonly PlannedPool[]): number {
  return new Set(pools.map(({ name }) => name)).size;
}

/** `a`, `a and b`, `a, b and c`. */
export function joined(words: readonly string[], link = "and"): string {
  const [last = "", ...others] = [...words].reverse();
  return others.length === 0 ? last : `${others.reverse().join(", ")} ${link} ${last}`;
}

/** `1 pod`, `2 pods`. */
export function counted(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`;
}

/** `4 pods of Worker and 1 pod of Launcher`. */
export function podsOf(sets: readonly { set: DemandedPodSet; pods: number }[]): string {
  return joined(
    sets.map(({ set: { podSet }, pods }) => {
      const these = counted(pods, "pod");
      return podSet.role === undefined ? these : `${these} of ${podSet.role}`;
    }),
  );
}
