import { isUnknown, type Taint, type Tree, type Unknown } from "../../components/model";
import type { Cohort, FlavorCeiling } from "./queue-ceilings";

/** A ClusterQueue, as far as it decides which pods run where, and how many at once. */
export interface Queue {
  name: string;
  /** Its resource groups in their order; unknown where it is not known which these are. */
  groups: readonly ResourceGroup[] | Unknown;
  /** The cohort with which it shares its quotas; undefined where it is in none, or that is not told. */
  cohort: Cohort | undefined;
  /** Whether it looks for a flavor with quota of its own first, and borrows only where there is none. */
  borrowsLast: boolean;
  /** Whether quotas count a resource at all, as far as Kueue's configuration tells. */
  counts: (resource: string) => boolean | Unknown;
  /** Whether pods that ask for a resource which no group covers are never admitted, as by default. */
  refusesUncovered: boolean | Unknown;
}

/** Resources that a queue gives its pods by the same flavor. */
export interface ResourceGroup {
  resources: readonly string[];
  /** Whether it covers others as well, of which it is not known yet which they are. */
  isOpen: boolean;
  /** In the order in which they are tried; unknown where it is not known which these are. */
  flavors: readonly QueueFlavor[] | Unknown;
}

/** Nodes that a queue gives its pods, and how much of them. */
export interface QueueFlavor {
  name: string;
  /** Labels of these nodes, which admitted pods select; undefined where the stack does not declare the flavor. */
  nodeLabels: Readonly<Record<string, string>> | undefined;
  /** Taints that pods must tolerate to be admitted by it. */
  taints: readonly Taint[];
  /** Tolerations that admitted pods get, as the object writes them. */
  tolerations: readonly Tree[];
  /** What the queue can have of a resource of the group by it, in the units of `Amounts`. */
  quotaOf: (resource: string) => FlavorQuota;
}

/** What a queue can have of a resource by a flavor. */
export type FlavorQuota = Omit<FlavorCeiling, "flavor">;

/** Flavors by which a queue gives its pods a resource, in the order in which it tries them; none where it does not. */
export function flavorsFor(queue: Queue | undefined, resource: string): readonly QueueFlavor[] {
  const groups = queue === undefined || isUnknown(queue.groups) ? [] : queue.groups;
  const flavors = groups.find(({ resources }) => resources.includes(resource))?.flavors ?? [];
  return isUnknown(flavors) ? [] : flavors;
}
