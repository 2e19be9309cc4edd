import { isUnknown, UNKNOWN, type Unknown } from "../../components/model";
import type { Queue, QueueFlavor, ResourceGroup } from "../demand/queue";
import type { Cohort } from "../demand/queue-ceilings";
import type { Workload } from "../demand/workload";

/** The most of a resource that there can be, in the units of `Amounts`; undefined where nothing bounds it. */
export type Ceiling = number | Unknown | undefined;

/** Something outside the pools that bounds what some pods have at once. Pods that share it have the same object. */
export interface Limit {
  /** Name of the ClusterQueue, cohort or namespace. */
  name: string;
  /** As messages call it: `ClusterQueue research`, `flavor a of ClusterQueue research`. */
  title: string;
  ceilingOf: (resource: string) => Ceiling;
  /** Part of it that is not borrowed, of the flavor of a queue; absent where nothing can be. */
  ownOf?: (resource: string) => Ceiling;
  /**
   * What a queue shares with those of its cohort: whatever it has of a flavor beyond what it keeps for itself counts there
   * as well, so that no two queues borrow the same; absent where it is in no cohort.
   */
  shared?: { limit: Limit; keptOf: (resource: string) => number };
}

/** What there is of queues and quotas; `preflight/demand` reads both from a stack. */
export interface Limits {
  queues?: { queueOf: (clusterQueue: string) => Queue | undefined };
  /** What all pods of a namespace may have together; `pods` counts them. */
  quotas?: { ceilingOf: (namespace: string, resource: string) => Ceiling };
}

/** A stack without queues and quotas. */
export const NO_LIMITS: Limits = {};

/** Finds the limits of pods, those that several pods share as one object. */
export class LimitIndex {
  private readonly known = new Map<string, Limit>();

  constructor(private readonly limits: Limits) {}

  /** The queue that a workload waits in; undefined where it is in none, or the stack does not tell. */
  queueOf({ clusterQueue }: Pick<Workload, "clusterQueue">): Queue | undefined {
    return clusterQueue === undefined ? undefined : this.limits.queues?.queueOf(clusterQueue);
  }

  /** What the quotas of a workload's namespace let its pods have. */
  ofNamespace({ namespace }: Pick<Workload, "namespace">): Limit[] {
    const { quotas } = this.limits;
    if (quotas === undefined) return [];
    const title = `the quota of namespace ${namespace}`;
    return [
      this.once(title, () => ({ name: namespace, title, ceilingOf: (name) => quotas.ceilingOf(namespace, name) })),
    ];
  }

  /** What a queue has of the resources of a group by one of its flavors. */
  ofFlavor(queue: Queue, group: ResourceGroup, flavor: QueueFlavor): Limit {
    const title = titleOf(queue, group, flavor);
    return this.once(`${queue.name}\n${flavor.name}`, () => {
      // What Kueue leaves out is bounded by nothing, even where a queue covers it.
      const isCounted = (resource: string) => group.resources.includes(resource) && queue.counts(resource) !== false;
      const quotaOf = remembered((resource) => flavor.quotaOf(resource));
      const limit: Limit = {
        name: queue.name,
        title,
        ceilingOf: (resource) => (isCounted(resource) ? quotaOf(resource).most : undefined),
        ownOf: (resource) => (isCounted(resource) ? quotaOf(resource).nominal : undefined),
      };
      if (queue.cohort === undefined) return limit;
      const cohort = this.ofCohort(queue.cohort, flavor.name);
      return { ...limit, shared: { limit: cohort, keptOf: (resource) => quotaOf(resource).kept } };
    });
  }

  /** Of a resource of which it is not known what a queue has, or whether it is for its pods at all. */
  ofUnknown({ name, ...queue }: Queue, resources: readonly string[]): Limit {
    const key = `${name}\n\n${resources.join("\n")}`;
    const ceilingOf = (resource: string) =>
      resources.includes(resource) && queue.counts(resource) !== false ? UNKNOWN : undefined;
    return this.once(key, () => ({ name, title: `ClusterQueue ${name}`, ceilingOf }));
  }

  private ofCohort({ name, ceilingOf }: Cohort, flavor: string): Limit {
    const title = `flavor ${flavor} of cohort ${name}`;
    return this.once(title, () => ({ name, title, ceilingOf: (resource) => ceilingOf(flavor, resource) }));
  }

  private once(key: string, make: () => Limit): Limit {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const made = make();
    const limit = { ...made, ceilingOf: remembered(made.ceilingOf) };
    this.known.set(key, limit);
    return limit;
  }
}

/** A queue with one flavor for a resource is told by its own name. */
function titleOf({ name }: Queue, { flavors }: ResourceGroup, flavor: QueueFlavor): string {
  const isOnly = !isUnknown(flavors) && flavors.length === 1;
  return isOnly ? `ClusterQueue ${name}` : `flavor ${flavor.name} of ClusterQueue ${name}`;
}

function remembered<T>(of: (resource: string) => T): (resource: string) => T {
  const known = new Map<string, T>();
  return (resource) => {
    if (!known.has(resource)) known.set(resource, of(resource));
    return known.get(resource) as T;
  };
}
