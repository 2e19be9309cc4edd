import { GPU_RESOURCE } from "../../components/model";
import type { DemandedPodSet } from "../demand/workload";
import { leastPlacements } from "./pool-demand";
import { placementsOf, type Placing } from "./placements";

/** Where the names of all resources of GPUs begin: whole ones, slices and shares. */
const GPU_DOMAIN = GPU_RESOURCE.slice(0, GPU_RESOURCE.indexOf("/") + 1);

/** By how much a sum of shares may be off. */
const SLACK = 1e-9;

/**
 * Nodes of each pool, by its name, that services with GPUs fill at their fewest replicas. Pods without GPUs fill none, as they do
 * without such machines.
 */
export function gpuServiceNodes(planned: Placing): Map<string, number> {
  const placements = placementsOf(planned);
  const shares = new Map<string, number>();
  for (const workload of planned.workloads.filter(({ timing }) => timing.kind === "always")) {
    const podSets = workload.podSets.filter(asksForGpus);
    for (const { pool, pods, perNode } of leastPlacements({ ...workload, podSets }, placements)) {
      shares.set(pool.name, (shares.get(pool.name) ?? 0) + pods / perNode);
    }
  }
  return new Map([...shares].map(([pool, share]) => [pool, Math.ceil(share - SLACK)]));
}

/** Whether pods of a set ask for GPUs, whole or in parts. */
export function asksForGpus({ pod }: Pick<DemandedPodSet, "pod">): boolean {
  return [...pod.requests].some(([resource, amount]) => resource.startsWith(GPU_DOMAIN) && amount > 0);
}
