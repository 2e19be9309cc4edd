import {
  arrayAt,
  childAt,
  containersOf,
  isUnknown,
  nodeAt,
  pathInPodSet,
  podSetsOf,
  UNKNOWN,
  type ContainerAt,
  type PodSet,
  type Tree,
} from "../../components/model";
import { undecided, type Judgement } from "./rule";

/** A {@link PodSet} that tells a spec which is not known yet from an absent one. */
export interface PodGroup extends PodSet {
  /** The pods' spec, or the unknown marker. */
  spec: Tree;
}

const CONTAINER_LISTS = ["initContainers", "containers", "ephemeralContainers"];

/**
 * Finds the pods that a Kubernetes object brings about.
 *
 * @param others objects that it may name, such as the runtime of a TrainJob.
 */
export function podGroupsOf(object: Tree, others: readonly Tree[] = []): PodGroup[] {
  return podSetsOf(object, others).map((podSet) => ({
    ...podSet,
    spec: podSet.isUnknown ? UNKNOWN : podSet.template.spec,
  }));
}

/** Judges every container of some pods, and leaves undecided what may hold containers that are not known yet. */
export function* judgeContainers(
  podGroups: PodGroup[],
  judge: (at: ContainerAt, pods: PodGroup) => Iterable<Judgement>,
): Iterable<Judgement> {
  for (const pods of podGroups) {
    for (const at of containersOf(pods)) yield* judge(at, pods);
    for (const path of unknownContainersOf(pods)) yield undecided(path);
  }
}

/** Unknown containers of pod groups that were asked for before. */
const UNKNOWN_CONTAINERS = new WeakMap<PodGroup, string[]>();

/** Paths where containers of a pod group may be that are not known yet. */
export function unknownContainersOf(pods: PodGroup): string[] {
  const paths = UNKNOWN_CONTAINERS.get(pods) ?? findUnknownContainers(pods);
  UNKNOWN_CONTAINERS.set(pods, paths);
  return paths;
}

function findUnknownContainers(pods: PodGroup): string[] {
  if (isUnknown(pods.spec)) return [pathInPodSet(pods, "spec")];
  return CONTAINER_LISTS.flatMap((list) => {
    const path = pathInPodSet(pods, `spec.${list}`);
    if (isUnknown(childAt(pods.spec, list))) return [path];
    return arrayAt(pods.spec, list).flatMap((container, index) => (isUnknown(container) ? [`${path}[${index}]`] : []));
  });
}

/**
 * What the pods' spec has at a dotted path such as `securityContext.runAsNonRoot`; undefined where it has nothing, and
 * unknown where another object may add it (see {@link PodSet.completedBy}).
 */
export function podValue(pods: PodGroup, field: string): Tree {
  return completed(pods, nodeAt(pods.spec, field));
}

/** What a container has at a dotted path; unknown where another object may add it. */
export function containerValue(pods: PodGroup, at: ContainerAt, field: string): Tree {
  return completed(pods, nodeAt(at.container, field));
}

/** Null says as little as absence. */
function completed(pods: PodGroup, value: Tree): Tree {
  if (value !== undefined && value !== null) return value;
  return pods.completedBy === undefined ? undefined : UNKNOWN;
}
