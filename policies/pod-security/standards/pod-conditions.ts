import {
  isUnknown,
  nodeAt,
  pathInContainer,
  pathInPodSet,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { conditionOf, type Condition } from "../../engine/conditions";
import { podValue, type PodGroup } from "../../engine/pods";
import { anyOf, isOneOf, not } from "../../engine/truth";
import { isSince, type StandardsVersion } from "./kubernetes-version";

/** Holds for pods that are not said to run on Windows, where the fields of Linux can not be set. */
export function notWindows(pods: PodGroup): Condition {
  return conditionOf(not(isOneOf(nodeAt(pods.spec, "os.name"), "windows")), pathInPodSet(pods, "spec.os.name"));
}

/** Holds for containers that are not privileged: where they are, other settings have no effect, and POD-01 judges them. */
export function notPrivileged(at: ContainerAt): Condition {
  const field = "securityContext.privileged";
  return conditionOf(not(isOneOf(nodeAt(at.container, field), true)), pathInContainer(at, field));
}

/**
 * Holds for containers without CAP_SYS_ADMIN: with it, Kubernetes takes no `allowPrivilegeEscalation: false`, and POD-06
 * judges the capability.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ v1.36
 */
export function withoutSysAdmin(at: ContainerAt): Condition {
  const field = "securityContext.capabilities.add";
  const added = nodeAt(at.container, field);
  const capabilities: Tree[] = Array.isArray(added) ? added : isUnknown(added) ? [added] : [];
  return conditionOf(
    not(anyOf(capabilities.map((capability) => isOneOf(capability, "SYS_ADMIN", "CAP_SYS_ADMIN")))),
    pathInContainer(at, field),
  );
}

/**
 * Holds for pods that are root on their node where they are root inside: those without a user namespace of their own, and
 * before Kubernetes 1.35 all.
 *
 * @see https://github.com/kubernetes/pod-security-admission/blob/v0.36.3/policy/helpers.go
 */
export function withoutUserNamespace(pods: PodGroup, version: StandardsVersion): Condition {
  return conditionOf(
    isSince(version, "1.35") ? not(isOneOf(podValue(pods, "hostUsers"), false)) : true,
    pathInPodSet(pods, "spec.hostUsers"),
  );
}
