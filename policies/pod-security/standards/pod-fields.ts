import {
  childAt,
  containersOf,
  isTreeObject,
  isUnknown,
  nodeAt,
  pathInContainer,
  pathInPodSet,
  type ContainerAt,
  type Tree,
  type TreeObject,
} from "../../../components/model";
import { allHold, conditionOf, undecidedBy, type Condition } from "../../engine/conditions";
import { containerValue, podValue, unknownContainersOf, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type Violation } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { isAbsent } from "../../engine/truth";
import { shown as shownValue } from "../../engine/shown";

/**
 * Kinds that say little of their pods, or describe a part of the pods of others: what is absent in them is added by their
 * controllers or by those others, so that absence says nothing.
 */
const PARTIAL_KINDS = [
  "kubeflow.org/PodDefault",
  "pipelines.kubeflow.org/PipelineVersion",
  "serving.kserve.io/ClusterStorageContainer",
  "serving.kserve.io/InferenceGraph",
];

/** What is said at one place. */
export interface Placed {
  path: string;
  value: Tree;
}

/** Whether the object says all that there is to say of its pods. */
export function isWhole(subject: Subject): boolean {
  return !subject.is(...PARTIAL_KINDS);
}

/** Judges the specs of some pods, and leaves undecided those that are not known yet. */
export function* judgeSpecs(groups: PodGroup[], judge: (pods: PodGroup) => Iterable<Judgement>): Iterable<Judgement> {
  for (const pods of groups) {
    if (isUnknown(pods.spec)) yield undecided(pathInPodSet(pods, "spec"));
    else yield* judge(pods);
  }
}

/** Judges every item of a list in the specs of some pods, given by its dotted path. */
export function* judgeItems(
  groups: PodGroup[],
  list: string,
  judge: (item: TreeObject, path: string, pods: PodGroup) => Iterable<Judgement>,
): Iterable<Judgement> {
  yield* judgeSpecs(groups, function* (pods) {
    if (isUnknown(nodeAt(pods.spec, list))) yield undecided(pathInPodSet(pods, `spec.${list}`));
    for (const [index, item] of itemsAt(pods.spec, list).entries()) {
      const path = pathInPodSet(pods, `spec.${list}[${index}]`);
      if (isUnknown(item)) yield undecided(path);
      if (isTreeObject(item)) yield* judge(item, path, pods);
    }
  });
}

/** Judges a field wherever a security context may give it: for pods as a whole first, then for each container. */
export function* judgeSettings(
  groups: PodGroup[],
  field: string,
  judge: (setting: Placed, pods: PodGroup, at: ContainerAt | undefined) => Iterable<Judgement>,
): Iterable<Judgement> {
  const inContext = `securityContext.${field}`;
  for (const pods of groups) {
    if (!isUnknown(pods.spec)) {
      const path = pathInPodSet(pods, `spec.${inContext}`);
      yield* judge({ path, value: nodeAt(pods.spec, inContext) }, pods, undefined);
    }
    for (const at of containersOf(pods)) {
      yield* judge({ path: pathInContainer(at, inContext), value: nodeAt(at.container, inContext) }, pods, at);
    }
    for (const path of unknownContainersOf(pods)) yield undecided(path);
  }
}

/** What has to be given in the security context of the pod, or else in that of each container. */
export interface Requirement {
  field: string;
  /** Under which further conditions a container needs it. */
  conditions: (at: ContainerAt, pods: PodGroup) => Condition[];
  /** What is wrong where a container has it neither from its pod nor by itself; the path is that of the pod. */
  violation: (path: string, container: string) => Violation;
}

/** Finds pods in which neither the pod nor some container gives what is required; says so once for each pod. */
export function* judgeRequirement(subject: Subject, requirement: Requirement): Iterable<Judgement> {
  if (!isWhole(subject)) return;
  const { field, violation } = requirement;
  const inContext = `securityContext.${field}`;
  for (const pods of subject.pods) {
    const path = pathInPodSet(pods, `spec.${inContext}`);
    const ofPod: Condition = conditionOf(isAbsent(podValue(pods, inContext)), path);
    const needs = containersOf(pods).map((at) => {
      const ofContainer: Condition = conditionOf(
        isAbsent(containerValue(pods, at, inContext)),
        pathInContainer(at, inContext),
      );
      return { at, conditions: [ofPod, ofContainer, ...requirement.conditions(at, pods)] };
    });
    const lacking = needs.find(({ conditions }) => allHold(conditions).holds === true);
    if (lacking) {
      yield violation(path, nameOf(lacking.at));
      continue;
    }
    for (const { conditions } of needs) {
      if (isUnknown(allHold(conditions).holds)) yield* conditions.flatMap(undecidedBy);
    }
    if (ofPod.holds !== false) for (const hidden of unknownContainersOf(pods)) yield undecided(hidden);
  }
}

/** How messages show a value of the wrong kind or choice: objects and lists by what they are only. */
export function shown(value: Tree): string {
  return isAbsent(value) === true ? "absent" : shownValue(value);
}

function itemsAt(spec: Tree, list: string): Tree[] {
  const items = nodeAt(spec, list);
  return Array.isArray(items) ? items : [];
}

function nameOf({ path, container }: ContainerAt): string {
  const name = childAt(container, "name");
  return typeof name === "string" ? JSON.stringify(name) : `at ${path}`;
}
