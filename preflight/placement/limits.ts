import type { Tree, Unknown } from "../../components/model";
import type { DemandedPodSet, Workload } from "../demand/workload";

/** The most of a resource that there can be, in the units of `Amounts`; undefined where nothing bounds it. */
export type Ceiling = number | Unknown | undefined;

/** Something outside the pools that bounds what some pods have at once. Pods that share it have the same object. */
export interface Limit {
  kind: "ClusterQueue" | "cohort" | "namespace";
  /** Name of the ClusterQueue, cohort or namespace. */
  name: string;
  /** As messages call it: `ClusterQueue research`. */
  title: string;
  ceilingOf: (resource: string) => Ceiling;
}

/** Nodes to which a ClusterQueue sends the pods that it admits. */
export interface Flavor {
  name: string;
  /** Labels that the pods then select; undefined where they are not known. */
  nodeLabels: Readonly<Record<string, string>> | undefined;
  /** Tolerations that the pods then have, as the object writes them. */
  tolerations: readonly Tree[];
}

/** What there is of queues and quotas; `preflight/demand` reads both from a stack. */
export interface Limits {
  queues?: {
    ceilingOf: (clusterQueue: string, resource: string) => Ceiling;
    flavorsOf: (clusterQueue: string, resource: string) => readonly Flavor[];
    /** What the queues of its cohort have together, so that no two of them borrow the same; where that is told. */
    cohortOf?: (clusterQueue: string) => { name: string; ceilingOf: (resource: string) => Ceiling } | undefined;
  };
  /** What all pods of a namespace may have together; `pods` counts them. */
  quotas?: { ceilingOf: (namespace: string, resource: string) => Ceiling };
}

/** A stack without queues and quotas. */
export const NO_LIMITS: Limits = {};

/** Finds the limits of pods, those that several pods share as one object. */
export class LimitIndex {
  private readonly known = new Map<string, Limit>();

  constructor(private readonly limits: Limits) {}

  /** The limits of a workload's pods: of its ClusterQueue first, then of the queue's cohort and of its namespace. */
  of({ clusterQueue, namespace }: Pick<Workload, "clusterQueue" | "namespace">): Limit[] {
    const { queues, quotas } = this.limits;
    const limits: Limit[] = [];
    if (clusterQueue !== undefined && queues !== undefined) {
      limits.push(this.shared("ClusterQueue", clusterQueue, (resource) => queues.ceilingOf(clusterQueue, resource)));
      const cohort = queues.cohortOf?.(clusterQueue);
      if (cohort !== undefined) limits.push(this.shared("cohort", cohort.name, cohort.ceilingOf));
    }
    if (quotas !== undefined) {
      limits.push(this.shared("namespace", namespace, (resource) => quotas.ceilingOf(namespace, resource)));
    }
    return limits;
  }

  /**
   * Flavors by which the queue of a workload admits pods of a set, its first choice first; none where it is in no
   * queue.
   */
  flavorsOf({ clusterQueue }: Workload, { pod }: DemandedPodSet): readonly (readonly Flavor[])[] {
    const { queues } = this.limits;
    if (clusterQueue === undefined || queues === undefined) return [];
    const groups = new Map<string, readonly Flavor[]>();
    for (const resource of pod.requests.keys()) {
      const flavors = queues.flavorsOf(clusterQueue, resource);
      if (flavors.length > 0) groups.set(flavors.map(({ name }) => name).join("\n"), flavors);
    }
    return [...groups.values()];
  }

  private shared(kind: Limit["kind"], name: string, ceilingOf: Limit["ceilingOf"]): Limit {
    const key = `${kind} ${name}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const title = kind === "namespace" ? `the quota of namespace ${name}` : `${kind} ${name}`;
    const limit = { kind, name, title, ceilingOf: remembered(ceilingOf) };
    this.known.set(key, limit);
    return limit;
  }
}

function remembered(ceilingOf: Limit["ceilingOf"]): Limit["ceilingOf"] {
  const known = new Map<string, Ceiling>();
  return (resource) => {
    if (!known.has(resource)) known.set(resource, ceilingOf(resource));
    return known.get(resource);
  };
}
