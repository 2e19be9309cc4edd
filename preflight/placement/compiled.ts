import type { Workload } from "../demand/workload";
import type { PlannedPool } from "../pools/planned-pool";
import type { NamespaceLabels } from "../scheduling/pod-terms";
import { Entries } from "./entry";
import { groundsOf, type Ground } from "./ground";
import type { Limits } from "./limits";
import { PodKinds } from "./pod-kind";
import { ResourceNumbers } from "./resource-numbers";

/** Workloads and pools of a stack, prepared for placing. */
export interface Compiled {
  grounds: readonly Ground[];
  entries: Entries;
  namespaceLabels: NamespaceLabels;
  numbers: ResourceNumbers;
}

/** What was prepared last for some workloads: proofs and packing are of the same ones. */
const LAST = new WeakMap<readonly Workload[], { of: readonly unknown[]; stack: Compiled }>();

/** Prepares the workloads and pools of a stack, each pod and node once. */
export function compiled(
  workloads: readonly Workload[],
  pools: readonly PlannedPool[],
  limits: Limits,
  namespaceLabels: NamespaceLabels,
): Compiled {
  const of = [pools, limits, namespaceLabels];
  const last = LAST.get(workloads);
  if (last?.of.every((each, index) => each === of[index]) === true) return last.stack;
  const stack = prepared(workloads, pools, limits, namespaceLabels);
  LAST.set(workloads, { of, stack });
  return stack;
}

function prepared(
  workloads: readonly Workload[],
  pools: readonly PlannedPool[],
  limits: Limits,
  namespaceLabels: NamespaceLabels,
): Compiled {
  const numbers = new ResourceNumbers();
  const grounds = groundsOf(pools, numbers);
  const entries = new Entries(workloads, new PodKinds(grounds, numbers, namespaceLabels), limits);
  return { grounds, entries, namespaceLabels, numbers };
}
