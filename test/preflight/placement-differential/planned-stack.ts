import { type DemandedPodSet, type Workload, workloadsOf } from "../../../preflight/demand";
import { namespaceLabelsOf } from "../../../preflight/demand/namespace-labels";
import { type Packing, packingOf } from "../../../preflight/packing";
import { NO_LIMITS } from "../../../preflight/placement/limits";
import { type PlacementProof, proofsOf } from "../../../preflight/placement";
import { type PlannedPool, plannedPools } from "../../../preflight/pools";
import { stackIndexOf } from "../../../preflight/pools/stack-index";
import { SURROUNDINGS } from "./arbitraries/declared-stacks";
import { type DeclaredStack, resourcesOf } from "./stack";

/** A stack as preflight sees it. */
export interface PlannedStack {
  pools: PlannedPool[];
  workloads: Workload[];
  /** By the title of the set. */
  sets: ReadonlyMap<string, PlannedSet>;
  packing: Packing;
}

/** One set of pods as preflight sees it. */
export interface PlannedSet {
  workload: Workload;
  set: DemandedPodSet;
  proof: PlacementProof;
}

/** Plans a stack together with what the cluster has beside it. */
export function plannedStack(stack: DeclaredStack): PlannedStack {
  const resources = resourcesOf({ ...stack, others: [...SURROUNDINGS, ...stack.others] });
  const pools = plannedPools(resources);
  const workloads = workloadsOf(resources);
  const namespaceLabels = namespaceLabelsOf(stackIndexOf(resources));
  const proofs = proofsOf(workloads, pools, NO_LIMITS, namespaceLabels);
  const packing = packingOf(workloads, pools, proofs, NO_LIMITS, namespaceLabels);
  const all = workloads.flatMap((workload) => workload.podSets.map((set) => ({ workload, set })));
  const sets = new Map(all.map(({ workload, set }, index) => [set.title, { workload, set, proof: proofs[index]! }]));
  return { pools, workloads, sets, packing };
}
