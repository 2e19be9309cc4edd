import type { DemandedPodSet, Workload } from "../demand/workload";
import type { Packing } from "../packing/packing";
import { gpusOf } from "../placement/ground";
import { ranksOf } from "../placement/preference";
import { type PlacementProof, type PoolVerdict, Verdict } from "../placement/proof";
import type { PlannedPool } from "../pools/planned-pool";
import { nodeShare } from "./node-share";

/** Pods of one set on one pool. */
export interface Placement {
  pool: PlannedPool;
  /** The machine of their nodes, where these may be of several; else the pool. */
  machine: PlannedPool;
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
 * Where the pods of each set run, as many as can at once: on the pools on which they are packed, and those that must wait on the
 * pools that are asked first for them, as far as these have room; nowhere where they never run. Sets are missing of which it is
 * not known how many pods they have, or where these run.
 */
export function placementsOf({ pools, workloads, proofs, packing }: Placing): Map<DemandedPodSet, Placement[]> {
  const places = placesOf(pools);
  const proofOf = new Map(proofs.map((proof) => [proofKey(proof.urn, proof.path), proof]));
  const packed = packedPods(packing);
  const found = new Map<DemandedPodSet, Placement[]>();
  for (const { resource, podSets } of workloads) {
    for (const set of podSets) {
      const proof = proofOf.get(proofKey(resource.urn, set.podSet.path));
      if (proof?.verdict === Verdict.never) found.set(set, []);
      if (proof === undefined || found.has(set) || set.count === undefined) continue;
      const accepting = proof.pools.filter((verdict) => verdict.perNode > 0 && places.has(keyOf(verdict)));
      if (accepting.length === 0) continue;
      const counts = takenPods(packed.get(set.title), set.count);
      addWaiting(counts, Math.min(set.count, mostAtOnce(proof)), accepting, places);
      const perNode = new Map(accepting.map((verdict) => [verdict.pool, verdict.perNode]));
      found.set(
        set,
        [...counts].flatMap(([place, pods]) => placementOf(set, places.get(place), pods, perNode)),
      );
    }
  }
  return found;
}

/** Where it is not decided whether pods run, any number of them may. */
function mostAtOnce({ verdict, atOnce }: PlacementProof): number {
  return verdict === Verdict.undecided ? Infinity : atOnce;
}

/** Adds pods that are packed nowhere up to a count, in the order in which pools are asked for nodes; the first has what is left. */
function addWaiting(
  counts: Map<string, number>,
  most: number,
  accepting: readonly PoolVerdict[],
  places: ReadonlyMap<string, Place>,
): void {
  let waiting = most - [...counts.values()].reduce((sum, pods) => sum + pods, 0);
  if (waiting <= 0) return;
  const inUse = new Map<string, number>();
  for (const [place, pods] of counts) {
    const name = places.get(place)?.pool.name;
    if (name !== undefined) inUse.set(name, (inUse.get(name) ?? 0) + pods);
  }
  const preferred = byPreference(accepting, places);
  const add = (verdict: PoolVerdict, pods: number) => {
    const place = keyOf(verdict);
    if (pods > 0) counts.set(place, (counts.get(place) ?? 0) + pods);
    waiting -= pods;
  };
  for (const verdict of preferred) {
    add(verdict, Math.min(waiting, Math.max(0, verdict.atOnce - (inUse.get(verdict.pool) ?? 0))));
  }
  add(preferred[0]!, waiting);
}

function byPreference(accepting: readonly PoolVerdict[], places: ReadonlyMap<string, Place>): PoolVerdict[] {
  if (accepting.length === 1) return [...accepting];
  const offers = accepting.map((verdict) => {
    const { machine } = places.get(keyOf(verdict))!;
    return { pool: machine, gpus: gpusOf(machine).gpus };
  });
  const ranks = ranksOf(offers);
  return accepting
    .map((verdict, at) => ({ verdict, rank: ranks[at]! }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ verdict }) => verdict);
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
  place: Place | undefined,
  pods: number,
  perNode: ReadonlyMap<string, number>,
): Placement[] {
  if (place === undefined) return [];
  const { pool, machine } = place;
  const share = nodeShare(pod.requests, machine.free) ?? 1;
  // Of several types, proofs tell how many pods a node takes of the one that takes the most.
  const proven = machine === pool ? perNode.get(pool.name) : undefined;
  return [{ pool, machine, pods, perNode: proven ?? Math.max(1, Math.floor(1 / share)), share }];
}

/** A pool, and which of its machines a node is. */
type Place = Pick<Placement, "pool" | "machine">;

/** Pools and their machines by what names them. */
function placesOf(pools: readonly PlannedPool[]): Map<string, Place> {
  const places = pools.flatMap((pool) =>
    pool.machines === undefined
      ? [[placeKey(pool.name, undefined), { pool, machine: pool }] as const]
      : pool.machines.map((machine) => [placeKey(pool.name, machine.instanceType), { pool, machine }] as const),
  );
  return new Map(places);
}

function keyOf({ pool, instanceType }: PoolVerdict): string {
  return placeKey(pool, instanceType);
}

function placeKey(pool: string, instanceType: string | undefined): string {
  return JSON.stringify([pool, instanceType ?? null]);
}

/** Pods by place and title of their set. */
function packedPods({ pools }: Packing): Map<string, Map<string, number>> {
  const packed = new Map<string, Map<string, number>>();
  for (const { pool, layouts } of pools) {
    for (const { nodes, instanceType, pods: there } of layouts) {
      const place = placeKey(pool, instanceType);
      for (const { podSet, pods } of there) {
        const counts = packed.get(podSet) ?? new Map<string, number>();
        packed.set(podSet, counts.set(place, (counts.get(place) ?? 0) + nodes * pods));
      }
    }
  }
  return packed;
}

/** Takes so many pods away, so that another set of the same title finds those that are left. */
function takenPods(packed: Map<string, number> | undefined, count: number): Map<string, number> {
  const taken = new Map<string, number>();
  let left = count;
  for (const [place, there] of packed ?? []) {
    const pods = Math.min(left, there);
    if (pods === 0) continue;
    left -= pods;
    taken.set(place, pods);
    packed!.set(place, there - pods);
  }
  return taken;
}

function proofKey(urn: string, path: string): string {
  return JSON.stringify([urn, path]);
}
