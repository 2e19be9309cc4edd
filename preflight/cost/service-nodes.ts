import { GPU_RESOURCE } from "../../components/model";
import type { DemandedPodSet } from "../demand/workload";
import type { PlannedPool } from "../pools/planned-pool";
import { leastPlacements } from "./pool-demand";
import { type Placement, placementsOf, type Placing } from "./placements";

/** Where the names of all resources of GPUs begin: whole ones, slices and shares. */
const GPU_DOMAIN = GPU_RESOURCE.slice(0, GPU_RESOURCE.indexOf("/") + 1);

/** By how much a sum of shares may be off. */
const SLACK = 1e-9;

/** Pods of one set on one pool. */
interface Placed extends Placement {
  set: DemandedPodSet;
}

/**
 * Nodes of each pool, by its name, that services with GPUs fill at their fewest replicas, where they are as close together as they
 * can be. Pods without GPUs fill none, as they do without such machines.
 */
export function gpuServiceNodes(planned: Placing): Map<string, number> {
  const placements = placementsOf(planned);
  const byPool = new Map<string, Placed[]>();
  for (const workload of planned.workloads.filter(({ timing }) => timing.kind === "always")) {
    for (const set of workload.podSets.filter(asksForGpus)) {
      for (const placement of leastPlacements({ ...workload, podSets: [set] }, placements)) {
        byPool.set(placement.pool.name, [...(byPool.get(placement.pool.name) ?? []), { ...placement, set }]);
      }
    }
  }
  const peaks = new Map(planned.packing.pools.map(({ pool, nodes }) => [pool, nodes]));
  return new Map([...byPool].map(([pool, placed]) => [pool, Math.min(peaks.get(pool) ?? Infinity, nodesOf(placed))]));
}

/** Nodes that pods fill: the least of their shares, and of those of the machines that take them one after the other. */
function nodesOf(placed: readonly Placed[]): number {
  const shares = placed.reduce((sum, { pods, perNode }) => sum + pods / perNode, 0);
  const byShares = Math.ceil(shares - SLACK);
  return placed.some(({ set }) => isRuled(set)) ? byShares : Math.min(byShares, closestNodes(placed, byShares));
}

/** Pods that mind what is near them are not put beside others. */
function isRuled({ pod: { affinity, antiAffinity, spread, hostPorts } }: DemandedPodSet): boolean {
  return [affinity, antiAffinity, spread, hostPorts].some((rules) => rules.length > 0);
}

/** Nodes that pods need, each on the first that has room for it, the larger ones before the smaller ones; `most` at most. */
function closestNodes(placed: readonly Placed[], most: number): number {
  const nodes: { machine: PlannedPool; free: Map<string, number> }[] = [];
  for (const { machine, pods, set } of [...placed].sort((a, b) => b.share - a.share)) {
    const asked = [...set.pod.requests];
    let left = pods;
    for (let at = 0; left > 0 && at < most; at++) {
      const node = (nodes[at] ??= { machine, free: new Map(machine.free) });
      if (node.machine !== machine) continue;
      const room = Math.floor(Math.min(left, ...asked.map(([name, amount]) => roomFor(amount, node.free.get(name)))));
      for (const [name, amount] of asked) node.free.set(name, (node.free.get(name) ?? 0) - room * amount);
      left -= room;
    }
    if (left > 0) return most;
  }
  return nodes.length;
}

function roomFor(amount: number, free = 0): number {
  return amount > 0 ? Math.max(0, free / amount) : Infinity;
}

/** Whether pods of a set ask for GPUs, whole or in parts. */
export function asksForGpus({ pod }: Pick<DemandedPodSet, "pod">): boolean {
  return [...pod.requests].some(([resource, amount]) => resource.startsWith(GPU_DOMAIN) && amount > 0);
}
