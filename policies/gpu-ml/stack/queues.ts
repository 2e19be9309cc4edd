import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  pathInPodSet,
  tryParseQuantity,
  UNKNOWN,
  type Tree,
  type Unknown,
} from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import type { Subject } from "../../engine/subject";
import type { Truth } from "../../engine/truth";
import { CLUSTER, nameOf, namespaceOf, objectIndexOf, type ObjectIndex } from "./object-index";

/** Label that puts a workload into a queue of its namespace. @see https://kueue.sigs.k8s.io/docs/tasks/run/jobs/ v0.19 */
export const QUEUE_LABEL = "kueue.x-k8s.io/queue-name";

/** The queues of Kueue that a stack declares. */
export interface Queues {
  local: ObjectIndex;
  cluster: ObjectIndex;
  /** ClusterQueues by the name of their cohort; those whose cohort is not known yet under the marker. */
  cohorts: ReadonlyMap<string | Unknown, Subject[]>;
  /** Names of cohorts with quotas of their own or a parent, from which more may be borrowed than queues have. */
  deepCohorts: ReadonlySet<string | Unknown>;
}

/** What a queue can have of a resource at most; undefined where it has no bound, or does not cover the resource. */
export type QueueCeiling = number | Unknown | undefined;

/** A label that says in which queue pods wait, with its path. */
export interface QueueLabel {
  path: string;
  /** Undefined where there is none. */
  name: string | Unknown | undefined;
  /** Whether there is one, whatever queue it names. */
  isThere: Truth;
}

/** Labels of an object, and of those that a CronJob or an experiment creates. */
const OF_OBJECTS = [
  "metadata.labels",
  "spec.jobTemplate.metadata.labels",
  "spec.trialTemplate.trialSpec.metadata.labels",
];

/** Collects the queues of a stack. */
export function queuesOf(subjects: Subject[]): Queues {
  const ofKind = (kind: string) => subjects.filter((subject) => subject.is(`kueue.x-k8s.io/${kind}`));
  const clusterQueues = ofKind("ClusterQueue");
  const cohorts = new Map<string | Unknown, Subject[]>();
  for (const queue of clusterQueues) {
    const cohort = cohortOf(queue);
    if (cohort !== undefined) cohorts.set(cohort, [...(cohorts.get(cohort) ?? []), queue]);
  }
  return {
    local: objectIndexOf(ofKind("LocalQueue"), true),
    cluster: objectIndexOf(clusterQueues, false),
    cohorts,
    deepCohorts: new Set(ofKind("Cohort").filter(addsQuota).map(nameOf)),
  };
}

function addsQuota(cohort: Subject): boolean {
  const spec = childAt(cohort.tree, "spec");
  return ["parentName", "parent", "resourceGroups"].some((field) => (childAt(spec, field) ?? undefined) !== undefined);
}

/** The label by which some pods of an object wait in a queue: that of the object, of what it creates, or of the pods. */
export function queueLabelOf(subject: Subject, pods: PodGroup): QueueLabel {
  const ofPods = pathInPodSet(pods, "metadata.labels");
  const places: [path: string, label: Tree][] = [
    ...OF_OBJECTS.map((path): [string, Tree] => [path, childAt(nodeAt(subject.tree, path), QUEUE_LABEL)]),
    [ofPods, childAt(childAt(pods.template.metadata, "labels"), QUEUE_LABEL)],
  ];
  const known = places.find(([, label]) => typeof label === "string");
  const [path, label] = known ?? places.find(([, other]) => isUnknown(other)) ?? ["metadata.labels", undefined];
  const name = isUnknown(label) || typeof label === "string" ? label : undefined;
  const areLabelsKnown = isTreeObject(nodeAt(subject.tree, path));
  return {
    path: `${path}["${QUEUE_LABEL}"]`,
    name,
    isThere: isUnknown(name) ? areLabelsKnown || UNKNOWN : name !== undefined,
  };
}

/** The ClusterQueue that pods wait in, where the stack declares it and the way to it. */
export function clusterQueueOf(subject: Subject, pods: PodGroup, queues: Queues): Subject | Unknown | undefined {
  const { name } = queueLabelOf(subject, pods);
  if (name === undefined) return undefined;
  const local = queues.local.find(namespaceOf(subject), name);
  if (local === undefined || isUnknown(local)) return local;
  return queues.cluster.find(CLUSTER, nodeAt(local.tree, "spec.clusterQueue"));
}

/** Resources that a ClusterQueue covers; unknown where not all of them are known. */
export function coveredResources(queue: Subject): string[] | Unknown {
  const groups = itemsAt(childAt(queue.tree, "spec"), "resourceGroups");
  const covered = groups.flatMap((group) => itemsAt(group, "coveredResources"));
  return covered.some(isUnknown) ? UNKNOWN : covered.filter((resource) => typeof resource === "string");
}

/**
 * The most that a ClusterQueue can have of a resource: its own quotas over all flavors, and what it may borrow when the
 * other queues of its cohort, as far as the stack declares them, are idle.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/ "Borrowing and lending", v0.19
 */
export function queueCeiling(queue: Subject, resource: string, queues: Queues): QueueCeiling {
  const own = quotasOf(queue, resource);
  if (isUnknown(own)) return UNKNOWN;
  if (own.length === 0) return undefined;
  const cohort = cohortOf(queue);
  if (cohort === undefined) return sum(own.map(({ nominal }) => nominal));
  if (isUnknown(cohort)) return UNKNOWN;
  if (queues.deepCohorts.has(cohort)) return undefined;
  if (queues.cohorts.has(UNKNOWN)) return UNKNOWN;
  const others = (queues.cohorts.get(cohort) ?? []).filter((other) => other !== queue);
  const lent = others.flatMap((other) => lentBy(other, resource));
  return sum(own.map((quota) => sum([quota.nominal, borrowed(quota, lent)])));
}

interface Quota {
  resource: Tree;
  flavor: Tree;
  nominal: number | Unknown;
  borrowingLimit: number | Unknown | undefined;
  lendingLimit: number | Unknown | undefined;
}

function borrowed({ flavor, borrowingLimit }: Quota, lent: Lent[]): number | Unknown {
  const there = sum(lent.filter((one) => isUnknown(one.flavor) || one.flavor === flavor).map(({ amount }) => amount));
  if (borrowingLimit === undefined) return there;
  if (isUnknown(there) || isUnknown(borrowingLimit)) return UNKNOWN;
  return Math.min(there, borrowingLimit);
}

interface Lent {
  flavor: Tree;
  amount: number | Unknown;
}

function lentBy(queue: Subject, resource: string): Lent[] {
  const quotas = quotasOf(queue, resource);
  if (isUnknown(quotas)) return [{ flavor: UNKNOWN, amount: UNKNOWN }];
  return quotas.map(({ flavor, nominal, lendingLimit }) => ({ flavor, amount: lendingLimit ?? nominal }));
}

/** The quotas of a queue for one resource, flavor by flavor; unknown where some may be of it and it is not known yet. */
function quotasOf(queue: Subject, resource: string): Quota[] | Unknown {
  const flavors = itemsAt(childAt(queue.tree, "spec"), "resourceGroups").flatMap((group) => itemsAt(group, "flavors"));
  const quotas = flavors.flatMap((flavor) => itemsAt(flavor, "resources").map((amounts) => quotaOf(flavor, amounts)));
  const isVague = (quota: Quota) =>
    isUnknown(quota.resource) || (quota.resource === resource && isUnknown(quota.flavor));
  return quotas.some(isVague) ? UNKNOWN : quotas.filter((quota) => quota.resource === resource);
}

function quotaOf(flavor: Tree, amounts: Tree): Quota {
  return {
    resource: childAt(amounts, "name"),
    flavor: childAt(flavor, "name"),
    nominal: amountAt(amounts, "nominalQuota") ?? 0,
    borrowingLimit: amountAt(amounts, "borrowingLimit"),
    lendingLimit: amountAt(amounts, "lendingLimit"),
  };
}

/** The items of a list; one that is not known yet where the list is not. */
function itemsAt(owner: Tree, key: string): Tree[] {
  return isUnknown(childAt(owner, key)) ? [UNKNOWN] : arrayAt(owner, key);
}

/** Whole devices; undefined where there is no quantity. */
export function amountAt(owner: Tree, key: string): number | Unknown | undefined {
  const value = childAt(owner, key);
  if (isUnknown(value)) return UNKNOWN;
  const quantity = tryParseQuantity(value);
  return quantity === undefined ? undefined : Number(quantity / 10n ** 9n);
}

function cohortOf(queue: Subject): string | Unknown | undefined {
  const spec = childAt(queue.tree, "spec");
  // Called `cohort` before v1beta2.
  const cohort: Tree = childAt(spec, "cohortName") ?? childAt(spec, "cohort");
  if (isUnknown(cohort)) return UNKNOWN;
  return typeof cohort === "string" && cohort !== "" ? cohort : undefined;
}

function sum(amounts: (number | Unknown)[]): number | Unknown {
  return amounts.some(isUnknown) ? UNKNOWN : amounts.map(Number).reduce((a, b) => a + b, 0);
}
