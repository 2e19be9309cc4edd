import {
  childAt,
  isTreeObject,
  isUnknown,
  itemsAt,
  nodeAt,
  pathInPodSet,
  QUEUE_LABEL,
  UNKNOWN,
  type Tree,
  type Unknown,
} from "../../../components/model";
import { queueCeilingsOf, type QueueCeilings } from "../../../preflight/demand/queue-ceilings";
import { QUEUE_LABEL_PLACES } from "../../../preflight/demand/queues";
import type { PodGroup } from "../../engine/pods";
import type { Subject } from "../../engine/subject";
import type { Truth } from "../../engine/truth";
import { CLUSTER, namespaceOf, objectIndexOf, type ObjectIndex } from "./object-index";

/** The queues of Kueue that a stack declares. */
export interface Queues {
  local: ObjectIndex;
  cluster: ObjectIndex;
  /** The most that ClusterQueues, told by their objects, can have of a resource. */
  ceilings: QueueCeilings;
}

/** A label that says in which queue pods wait, with its path. */
export interface QueueLabel {
  path: string;
  /** Undefined where there is none. */
  name: string | Unknown | undefined;
  /** Whether there is one, whatever queue it names. */
  isThere: Truth;
}

/** Collects the queues of a stack. */
export function queuesOf(subjects: Subject[]): Queues {
  const ofKind = (kind: string) => subjects.filter((subject) => subject.is(`kueue.x-k8s.io/${kind}`));
  const [clusterQueues, cohorts] = [ofKind("ClusterQueue"), ofKind("Cohort")];
  const treesOf = (some: Subject[]) => some.map(({ tree }) => tree);
  return {
    local: objectIndexOf(ofKind("LocalQueue"), true),
    cluster: objectIndexOf(clusterQueues, false),
    ceilings: queueCeilingsOf(treesOf(clusterQueues), treesOf(cohorts)),
  };
}

/** The label by which some pods of an object wait in a queue: that of the object, of what it creates, or of the pods. */
export function queueLabelOf(subject: Subject, pods: PodGroup): QueueLabel {
  const ofPods = pathInPodSet(pods, "metadata.labels");
  const places: [path: string, label: Tree][] = [
    ...QUEUE_LABEL_PLACES.map((path): [string, Tree] => [path, childAt(nodeAt(subject.tree, path), QUEUE_LABEL)]),
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
