import type { PodFinder, PodPlace } from "./finder";
import { podsAt } from "./finder";
import { alone, jobPods, replicas } from "./sizes";

const replicated: PodPlace = { owner: "spec", template: "template", size: replicas };

/**
 * The kinds that Kubernetes itself has pods of.
 *
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/
 */
export const builtInKinds: [kind: string, find: PodFinder][] = [
  ["/Pod", podsAt({ owner: "", template: "", size: () => alone(1) })],
  ["/PodTemplate", podsAt({ owner: "", template: "template", size: () => alone(0) })],
  ["/ReplicationController", podsAt(replicated)],
  ["apps/ReplicaSet", podsAt(replicated)],
  ["apps/Deployment", podsAt(replicated)],
  ["apps/StatefulSet", podsAt(replicated)],
  ["apps/DaemonSet", podsAt({ owner: "spec", template: "template", size: () => alone(undefined) })],
  ["batch/Job", podsAt({ owner: "spec", template: "template", size: jobPods })],
  ["batch/CronJob", podsAt({ owner: "spec.jobTemplate.spec", template: "template", size: jobPods })],
];

/**
 * Tells whether an API group is Kubernetes' own. Which of its kinds have pods is known, so that a kind which only looks
 * like it, such as the PodMetrics of `metrics.k8s.io` or a CustomResourceDefinition, is left alone.
 *
 * @see https://kubernetes.io/docs/reference/using-api/#api-groups (v1.36)
 */
export function isBuiltIn(group: string): boolean {
  return !group.includes(".") || group.endsWith(".k8s.io");
}
