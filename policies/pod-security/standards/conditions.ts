import {
  isUnknown,
  nodeAt,
  pathInContainer,
  pathInPodSet,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { podValue, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type Undecided, type Violation } from "../../engine/rule";
import { allOf, isOneOf, not, type Truth } from "../../engine/truth";
import { isSince, type StandardsVersion } from "./kubernetes-version";

/** A test on one field. */
export interface Condition {
  /** The field, which is named where it is not known yet and decides. */
  path: string;
  truth: Truth;
}

/** Says what is wrong where all conditions hold, and which fields decide where that is not known yet. */
export function* judgeConditions(conditions: Condition[], violation: () => Violation): Iterable<Judgement> {
  const truth = allHold(conditions);
  if (truth === true) yield violation();
  if (isUnknown(truth)) yield* undecidedBy(conditions);
}

/** Whether all conditions hold. */
export function allHold(conditions: Condition[]): Truth {
  return allOf(conditions.map(({ truth }) => truth));
}

/** The fields that decide and are not known yet. */
export function undecidedBy(conditions: Condition[]): Undecided[] {
  return conditions.flatMap(({ path, truth }) => (isUnknown(truth) ? [undecided(path)] : []));
}

/** Whether a field is given nothing. */
export function isAbsent(value: Tree): Truth {
  return isOneOf(value ?? undefined, undefined);
}

/** Holds for pods that are not said to run on Windows, where the fields of Linux can not be set. */
export function notWindows(pods: PodGroup): Condition {
  return {
    path: pathInPodSet(pods, "spec.os.name"),
    truth: not(isOneOf(nodeAt(pods.spec, "os.name"), "windows")),
  };
}

/** Holds for containers that are not privileged: where they are, other settings have no effect, and POD-01 judges them. */
export function notPrivileged(at: ContainerAt): Condition {
  const field = "securityContext.privileged";
  return { path: pathInContainer(at, field), truth: not(isOneOf(nodeAt(at.container, field), true)) };
}

/**
 * Holds for pods that are root on their node where they are root inside: those without a user namespace of their own, and
 * before Kubernetes 1.35 all.
 *
 * @see https://github.com/kubernetes/pod-security-admission/blob/v0.36.3/policy/helpers.go
 */
export function withoutUserNamespace(pods: PodGroup, version: StandardsVersion): Condition {
  return {
    path: pathInPodSet(pods, "spec.hostUsers"),
    truth: isSince(version, "1.35") ? not(isOneOf(podValue(pods, "hostUsers"), false)) : true,
  };
}
