import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  itemsAt,
  nodeAt,
  QUEUE_LABEL,
  stringAt,
  TaintEffect,
  type Taint,
  UNKNOWN,
  type Tree,
} from "../../components/model";
import { isObject, objectName, objectNamespace, type StackIndex } from "../pools/stack-index";
import { kueueConfigOf } from "./kueue-config";
import { DEFAULT_LOCAL_QUEUE, kueueReachOf } from "./kueue-reach";
import type { FlavorQuota, Queue, QueueFlavor, ResourceGroup } from "./queue";
import { queueCeilingsOf, type QueueCeiling, type QueueCeilings } from "./queue-ceilings";

/** The queues of Kueue that a stack declares. */
export interface PlannedQueues {
  /** Where jobs and pods of an object wait, as Kueue and its configuration have it. */
  placeOf: (namespace: string, object: Tree, named: string | undefined) => QueuePlace;
  /** Name of the ClusterQueue behind a LocalQueue; undefined where the stack does not tell. */
  clusterQueueOf: (namespace: string, localQueue: string) => string | undefined;
  /** The most that a ClusterQueue can have of a resource over all flavors, in the units of `Amounts`. */
  ceilingOf: (clusterQueue: string, resource: string) => QueueCeiling;
  /** A ClusterQueue; undefined where the stack does not declare it. */
  queueOf: (clusterQueue: string) => Queue | undefined;
}

/** Where something waits. */
export interface QueuePlace {
  /** Name of the LocalQueue; undefined where it is in none. */
  localQueue?: string;
  /** Whether it waits as one, so that its pods are admitted together. */
  isWhole: boolean;
  /** Whether it waits for ever, since it names no queue where it must. */
  isHeld: boolean;
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
  const objects = new Map(ofKind("ClusterQueue").map((queue) => [objectName(queue) ?? queue.urn, queue.properties]));
  const flavors = new Map(ofKind("ResourceFlavor").map((flavor) => [objectName(flavor), flavor.properties]));
  const cohorts = ofKind("Cohort").map(({ properties }) => properties);
  const ceilings = queueCeilingsOf([...objects.values()], cohorts);
  const config = kueueConfigOf(stack);
  const reach = kueueReachOf(stack);
  const queues = new Map<string, Queue>();
  return {
    placeOf: (namespace, object, named) => {
      const nowhere: QueuePlace = { isWhole: false, isHeld: false };
      const isManaged = reach.manages(namespace);
      if (isManaged === false) return nowhere;
      if (named !== undefined) {
        return { localQueue: named, isWhole: localQueueOf(object, undefined) !== undefined, isHeld: false };
      }
      const takes = reach.takes(object);
      const isDefaulted = takes !== false && local.has(`${namespace}/${DEFAULT_LOCAL_QUEUE}`);
      if (isDefaulted)
        return { localQueue: DEFAULT_LOCAL_QUEUE, isWhole: reach.takesWhole(object) !== false, isHeld: false };
      return { ...nowhere, isHeld: isManaged === true && takes === true && reach.holdsUnnamed === true };
    },
    clusterQueueOf: (namespace, localQueue) =>
      stringAt(childAt(local.get(`${namespace}/${localQueue}`)?.properties, "spec"), "clusterQueue"),
    ceilingOf: (clusterQueue, resource) => ceilings.ceilingOf(objects.get(clusterQueue), resource),
    queueOf: (name) => {
      const object = objects.get(name);
      if (object === undefined) return undefined;
      const queue = queues.get(name) ?? { ...queueIn(object, name, flavors, ceilings), ...config };
      queues.set(name, queue);
      return queue;
    },
  };
}

function queueIn(
  object: Tree,
  name: string,
  flavors: ReadonlyMap<string | undefined, Tree>,
  ceilings: QueueCeilings,
): Omit<Queue, keyof ReturnType<typeof kueueConfigOf>> {
  const spec = childAt(object, "spec");
  const groups = itemsAt(spec, "resourceGroups");
  const ofGroup = (group: Tree): ResourceGroup => {
    const covered = itemsAt(group, "coveredResources");
    const names = itemsAt(group, "flavors").map((flavor): Tree => childAt(flavor, "name"));
    const known = names.filter((each) => typeof each === "string");
    const quota = (flavor: string, resource: string) => quotaOf(ceilings.byFlavor(object, resource), flavor);
    return {
      resources: covered.filter((each) => typeof each === "string"),
      isOpen: covered.some(isUnknown),
      flavors: names.some(isUnknown)
        ? UNKNOWN
        : known.map((flavor) => flavorIn(flavors.get(flavor), flavor, (resource) => quota(flavor, resource))),
    };
  };
  return {
    name,
    groups: groups.some(isUnknown) ? UNKNOWN : groups.map(ofGroup),
    cohort: ceilings.cohortOf(object),
    borrowsLast: nodeAt(spec, "flavorFungibility.whenCanBorrow") === "TryNextFlavor",
  };
}

const NO_QUOTA: FlavorQuota = { nominal: 0, most: 0, kept: 0 };

function quotaOf(ceilings: ReturnType<QueueCeilings["byFlavor"]>, flavor: string): FlavorQuota {
  if (isUnknown(ceilings)) return { ...NO_QUOTA, nominal: UNKNOWN, most: UNKNOWN };
  return ceilings.find((each) => each.flavor === flavor) ?? NO_QUOTA;
}

function flavorIn(object: Tree, name: string, quota: QueueFlavor["quotaOf"]): QueueFlavor {
  const spec = childAt(object, "spec");
  const labels = childAt(spec, "nodeLabels");
  const entries = Object.entries(isTreeObject(labels) ? labels : {});
  const known = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return {
    name,
    nodeLabels: object === undefined || isUnknown(labels) ? undefined : Object.fromEntries(known),
    taints: arrayAt(spec, "nodeTaints").flatMap(taintIn),
    tolerations: arrayAt(spec, "tolerations"),
    quotaOf: quota,
  };
}

/** One that is not wholly known yet is taken to keep nobody away. */
function taintIn(taint: Tree): Taint[] {
  const [key, value, effect] = [stringAt(taint, "key"), childAt(taint, "value"), stringAt(taint, "effect")];
  const known = Object.values(TaintEffect).find((each) => each === effect);
  if (key === undefined || known === undefined || isUnknown(value)) return [];
  return [{ key, effect: known, ...(typeof value === "string" ? { value } : {}) }];
}
