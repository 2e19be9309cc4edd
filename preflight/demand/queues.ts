import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  QUEUE_LABEL,
  stringAt,
  type Tree,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { isObject, objectName, objectNamespace, type StackIndex } from "../pools/stack-index";
import { queueCeilingsOf, type Cohort, type FlavorCeiling, type QueueCeiling } from "./queue-ceilings";

/** The queues of Kueue that a stack declares. */
export interface PlannedQueues {
  /** Name of the ClusterQueue behind a LocalQueue; undefined where the stack does not tell. */
  clusterQueueOf: (namespace: string, localQueue: string) => string | undefined;
  /** The most that a ClusterQueue can have of a resource over all flavors, in the units of `Amounts`. */
  ceilingOf: (clusterQueue: string, resource: string) => QueueCeiling;
  /**
   * Flavors by which a ClusterQueue admits pods that ask for a resource, in its order; none where the stack has no such
   * queue.
   */
  flavorsOf: (clusterQueue: string, resource: string) => QueueFlavor[];
  /** What all queues of its cohort have together; undefined where it is in none, or the stack does not tell. */
  cohortOf: (clusterQueue: string) => Cohort | undefined;
}

/** Nodes that a queue gives its pods. */
export interface QueueFlavor {
  name: string;
  /** Labels of these nodes, which admitted pods select; undefined where the stack does not declare the flavor. */
  nodeLabels: Record<string, string> | undefined;
  /** Tolerations that admitted pods get, as the object writes them. */
  tolerations: Tree[];
  /** The most that the queue can have of the resource by this flavor, in the units of `Amounts`. */
  most: QueueCeiling;
}

/** Labels of an object, and of those that a CronJob, an experiment or an application creates. */
export const QUEUE_LABEL_PLACES: readonly string[] = [
  "metadata.labels",
  "spec.jobTemplate.metadata.labels",
  "spec.trialTemplate.trialSpec.metadata.labels",
  "spec.workflowMetadata.labels",
];

/** The LocalQueue that an object, or pods of it, wait in; undefined where none is named or known. */
export function localQueueOf(object: Tree, podMetadata: Tree): string | undefined {
  const places: (() => Tree)[] = [
    ...QUEUE_LABEL_PLACES.map((path) => () => nodeAt(object, path)),
    () => childAt(podMetadata, "labels"),
  ];
  for (const labelsAt of places) {
    const name = stringAt(labelsAt(), QUEUE_LABEL);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** Collects the queues of a stack. */
export function plannedQueuesOf(stack: StackIndex): PlannedQueues {
  const ofKind = (kind: string) => stack.resources.filter((resource) => isObject(resource, "kueue.x-k8s.io", kind));
  const local = new Map(ofKind("LocalQueue").map((queue) => [`${objectNamespace(queue)}/${objectName(queue)}`, queue]));
  const queues = new Map(ofKind("ClusterQueue").map((queue) => [objectName(queue) ?? queue.urn, queue.properties]));
  const flavors = new Map(ofKind("ResourceFlavor").map((flavor) => [objectName(flavor), flavor]));
  const cohorts = ofKind("Cohort").map(({ properties }) => properties);
  const { ceilingOf, byFlavor, cohortOf } = queueCeilingsOf([...queues.values()], cohorts);
  return {
    clusterQueueOf: (namespace, localQueue) =>
      stringAt(childAt(local.get(`${namespace}/${localQueue}`)?.properties, "spec"), "clusterQueue"),
    ceilingOf: (clusterQueue, resource) => ceilingOf(queues.get(clusterQueue), resource),
    flavorsOf: (clusterQueue, resource) => {
      const ceilings = byFlavor(queues.get(clusterQueue), resource);
      return isUnknown(ceilings) ? [] : ceilings.flatMap((ceiling) => flavorOf(ceiling, flavors));
    },
    cohortOf: (clusterQueue) => cohortOf(queues.get(clusterQueue)),
  };
}

function flavorOf(
  { flavor, most }: FlavorCeiling,
  flavors: ReadonlyMap<string | undefined, PlannedResource>,
): QueueFlavor[] {
  if (typeof flavor !== "string") return [];
  const object = flavors.get(flavor)?.properties;
  const spec = childAt(object, "spec");
  const labels = childAt(spec, "nodeLabels");
  const entries = Object.entries(isTreeObject(labels) ? labels : {});
  const known = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return [
    {
      name: flavor,
      nodeLabels: object === undefined || isUnknown(labels) ? undefined : Object.fromEntries(known),
      tolerations: arrayAt(spec, "tolerations"),
      most,
    },
  ];
}
