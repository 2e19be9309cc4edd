import type { Workload } from "../../../preflight/demand";
import { packingOf, type Packing } from "../../../preflight/packing";
import { proofsOf, type Limits } from "../../../preflight/placement";
import type { PlannedPool } from "../../../preflight/pools";
import { pod, TOLERANT, type PodArgs } from "../placement/stack";

/** Everything of a stack, packed by its own proofs. */
export function pack(workloads: Workload[], pools: PlannedPool[], limits?: Limits): Packing {
  return packingOf(workloads, pools, proofsOf(workloads, pools, limits), limits);
}

/** Pods with so many GPUs, which tolerate what keeps pods without any away. */
export function gpus(count: number, more: PodArgs = {}) {
  return pod({ gpus: count, ...TOLERANT, ...more });
}

/** The nodes of a pool: how many are alike, and which pods each of them has. */
export function layoutsOf({ pools }: Packing, at = 0) {
  return pools[at]!.layouts.map(({ nodes, pods }) => [
    nodes,
    ...pods.map(({ podSet, pods: count }) => `${count} ${podSet}`),
  ]);
}
