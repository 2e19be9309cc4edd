import type { DemandedPodSet, Workload } from "../demand/workload";
import type { Packing } from "../packing/packing";
import { type PlacementProof, Verdict } from "../placement/proof";
import type { PlannedPool } from "../pools/planned-pool";
import { nodeShare } from "./node-share";

/** Pods of one set on one pool. */
export interface Placement {
  pool: PlannedPool;
  pods: number;
  /** Pods of the set that an empty node takes. */
  perNode: number;
  /** Part of a node that each of them takes, from 0 to 1. */
  share: number;
}

/** What tells where pods run. */
export interface Placing {
  pools: readonly PlannedPool[];
  workloads: readonly Workload[];
  proofs: readonly PlacementProof[];
  packing: Packing;
}

/**
 * Where all pods of each set run: on the pools on which they are packed, and those that must wait on the first pool that takes
 * any; nowhere where they never run. Sets are missing of which it is not known how many pods they have, or where these run.
 */
export function placementsOf({ pools, workloads, proofs, packing }: Placing): Map<DemandedPodSet, Placement[]> {
  const byName = new Map(pools.map((pool) => [pool.name, pool]));
  const proofOf = new Map(proofs.map((proof) => [proofKey(proof.urn, proof.path), proof]));
  const packed = packedPods(packing);
  const found = new Map<DemandedPodSet, Placement[]>();
  for (const { resource, podSets } of workloads) {
    for (const set of podSets) {
      const proof = proofOf.get(proofKey(resource.urn, set.podSet.path));
      if (proof?.verdict === Verdict.never) found.set(set, []);
      const accepting = (proof?.pools ?? []).filter(({ perNode, pool }) => perNode > 0 && byName.has(pool));
      if (found.has(set) || set.count === undefined || accepting.length === 0) continue;
      const counts = takenPods(packed.get(set.title), set.count);
      const waiting = set.count - [...counts.values()].reduce((sum, pods) => sum + pods, 0);
      const first = accepting[0]!.pool;
      if (waiting > 0) counts.set(first, (counts.get(first) ?? 0) + waiting);
      const perNode = new Map(accepting.map((verdict) => [verdict.pool, verdict.perNode]));
      found.set(
        set,
        [...counts].flatMap(([name, pods]) => placementOf(set, byName.get(name), pods, perNode.get(name))),
      );
    }
  }
  return found;
}

/** The first so many pods of a set. */
export function firstPods(placements: readonly Placement[], count: number): Placement[] {
  let left = count;
  return placements.flatMap((placement) => {
    const pods = Math.min(left, placement.pods);
    left -= pods;
    return pods > 0 ? [{ ...placement, pods }] : [];
  });
}

function placementOf(
  { pod }: DemandedPodSet,
  pool: PlannedPool | undefined,
  pods: number,
  perNode: number | undefined,
): Placement[] {
  if (pool === undefined) return [];
  const share = nodeShare(pod.requests, pool.free) ?? 1;
  return [{ pool, pods, perNode: perNode ?? Math.max(1, Math.floor(1 / share)), share }];
}

/** Pods by pool and title of their set. */
function packedPods({ pools }: Packing): Map<string, Map<string, number>> {
  const packed = new Map<string, Map<string, number>>();
  for (const { pool, layouts } of pools) {
    for (const { nodes, pods: there } of layouts) {
      for (const { podSet, pods } of there) {
        const counts = packed.get(podSet) ?? new Map<string, number>();
        packed.set(podSet, counts.set(pool, (counts.get(pool) ?? 0) + nodes * pods));
      }
    }
  }
  return packed;
}

/** Takes so many pods away, so that another set of the same title finds those that are left. */
function takenPods(packed: Map<string, number> | undefined, count: number): Map<string, number> {
  const taken = new Map<string, number>();
  let left = count;
  for (const [pool, there] of packed ?? []) {
    const pods = Math.min(left, there);
    if (pods === 0) continue;
    left -= pods;
    taken.set(pool, pods);
    packed!.set(pool, there - pods);
  }
  return taken;
}

function proofKey(urn: string, path: string): string {
  return JSON.stringify([urn, path]);
}
