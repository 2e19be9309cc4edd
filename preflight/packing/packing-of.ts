import type { Workload } from "../demand/workload";
import { compiled } from "../placement/compiled";
import type { Entry } from "../placement/entry";
import { NO_LIMITS, type Limits } from "../placement/limits";
import type { PlacementProof } from "../placement/proof";
import type { PlannedPool } from "../pools/planned-pool";
import { builtInLabels, type NamespaceLabels } from "../scheduling/pod-terms";
import { contentionsOf } from "./contention";
import { poolPackings } from "./layouts";
import { packed } from "./packed";
import type { Packing, WaitingPods } from "./packing";
import { StrandedGpus } from "./stranded";
import type { PackedSet } from "./units";

/**
 * Packs everything that may run at once onto the pools as they grow: what a stack needs at its peak, and what must
 * wait. What comes first by priority is placed first, gangs as a whole, and larger pods before smaller ones.
 *
 * @param proofs what `proofsOf` says of the same workloads and pools: what can never run is left out.
 * @param limits queues and quotas, which hold for what runs together; none by default.
 * @param namespaceLabels labels of namespaces; those that every namespace has by default.
 */
export function packingOf(
  workloads: readonly Workload[],
  pools: readonly PlannedPool[],
  proofs: readonly PlacementProof[],
  limits: Limits = NO_LIMITS,
  namespaceLabels: NamespaceLabels = builtInLabels,
): Packing {
  const stack = compiled(workloads, pools, limits, namespaceLabels);
  const { fleet, units } = packed(stack, proofs);
  const contentions = contentionsOf(units);
  const entries = stack.entries.all;
  const kinds = stack.entries.kinds();
  const bySet = entriesBySet(entries);
  const strandedOn = (ground: (typeof fleet.grounds)[number]) =>
    new StrandedGpus(ground, kinds, (resource) => stack.numbers.of(resource));
  return {
    pools: poolPackings(fleet, (set) => bySet[set]!, strandedOn),
    waiting: units.flatMap(({ sets }) => sets.flatMap(waitingOf)),
    ...(contentions.length === 0 ? {} : { contentions }),
  };
}

function entriesBySet(entries: readonly Entry[]): Entry[] {
  const bySet: Entry[] = [];
  for (const entry of entries) for (const { set } of entry.variants) bySet[set] = entry;
  return bySet;
}

function waitingOf({ entry, pods, placed, reason }: PackedSet): WaitingPods[] {
  return placed === pods ? [] : [{ podSet: entry.set.title, pods: pods - placed, reason }];
}
