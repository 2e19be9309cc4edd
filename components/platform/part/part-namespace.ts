import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { POD_SECURITY_VERSION } from "../../model/versions";
import { type Adjustment, withoutKinds } from "../../rendering";

/** What pods of a namespace may do, by the Pod Security Standards. */
export const PodSecurityLevel = {
  /** Nothing beyond what any program needs. */
  restricted: "restricted",
  /** Nothing that is known to reach out of a container; root within it. */
  baseline: "baseline",
  /** Everything, host included. */
  privileged: "privileged",
} as const;
/** What pods of a namespace may do, by the Pod Security Standards. */
export type PodSecurityLevel = (typeof PodSecurityLevel)[keyof typeof PodSecurityLevel];

/** Labels that hold a namespace to a level, at a pinned version of the standards. */
export function podSecurityLabels(level: PodSecurityLevel): Record<string, string> {
  return {
    "pod-security.kubernetes.io/enforce": level,
    "pod-security.kubernetes.io/enforce-version": POD_SECURITY_VERSION,
  };
}

/** Creates the namespace of a part; further labels are those that a part itself reads. */
export function partNamespace(
  name: string,
  namespace: string,
  level: PodSecurityLevel,
  parent: pulumi.Resource,
  labels: Record<string, string> = {},
): k8s.core.v1.Namespace {
  const metadata = { name: namespace, labels: { ...podSecurityLabels(level), ...labels } };
  return new k8s.core.v1.Namespace(`${name}-namespace`, { metadata }, { parent });
}

/** Leaves out the namespaces of charts and manifests, which say nothing of Pod Security. */
export const withoutNamespaces: Adjustment = withoutKinds("Namespace");
