import type { KubernetesObject } from "@kubernetes/client-node";
import { podSetsOf, type Tree } from "../../components/model";
import type { LoadedWorkload } from "./scenario-file";

/** Namespace of workloads that name none. */
const USUAL_NAMESPACE = "default";

/** A workload that comes once, at a time. */
export interface Arrival {
  /** Name of the workload in the scenario. */
  workload: string;
  /** That name, numbered from 1 where it comes several times. */
  name: string;
  /** Seconds of the scenario. */
  at: number;
  /** What is created then, in this order. */
  objects: KubernetesObject[];
}

/**
 * Everything that comes, in the order in which it comes.
 *
 * What brings pods has the name of its arrival, where it is alone in that; several such objects, and several arrivals of
 * them, have their own names with the number. Other objects stay as they are, so that all arrivals share them.
 *
 * @param until end of the scenario in its seconds; it bounds what comes again and again.
 */
export function arrivalsOf(workloads: readonly LoadedWorkload[], until?: number): Arrival[] {
  return workloads
    .flatMap((workload) => timesOf(workload, until).map((at, index) => arrival(workload, at, index)))
    .sort((a, b) => a.at - b.at);
}

function timesOf({ at, every = 0, count }: LoadedWorkload, until: number | undefined): number[] {
  const endless = every > 0 && until !== undefined ? Math.floor((until - at) / every) + 1 : 1;
  return Array.from({ length: Math.max(0, count ?? endless) }, (_, index) => at + index * every);
}

function arrival(workload: LoadedWorkload, at: number, index: number): Arrival {
  const isOne = workload.every === undefined;
  const number = isOne ? "" : `-${index + 1}`;
  const name = `${workload.name}${number}`;
  const bringers = workload.objects.filter(bringsPods);
  const objects = workload.objects.map((object) => {
    const own = object.metadata?.name ?? workload.name;
    const renamed = !bringers.includes(object) ? own : bringers.length === 1 ? name : `${own}${number}`;
    const namespace = workload.namespace ?? object.metadata?.namespace ?? USUAL_NAMESPACE;
    const { apiVersion, kind, metadata, ...content } = object;
    return {
      apiVersion: apiVersion!,
      kind: kind!,
      metadata: Object.assign({}, metadata, { name: renamed, namespace }),
      ...content,
    };
  });
  return { workload: workload.name, name, at, objects };
}

/** Whether pods come of an object, such as of a Job, but not of a ConfigMap. */
export function bringsPods(object: KubernetesObject): boolean {
  return podSetsOf(object as unknown as Tree).length > 0;
}
