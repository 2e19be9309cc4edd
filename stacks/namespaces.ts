import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { POD_SECURITY_VERSION } from "../components/model/versions";

/** Namespaces of an environment by their names. */
export type Namespaces = ReadonlyMap<string, k8s.core.v1.Namespace>;

/** Labels by name of a namespace. */
export type NamespaceLabels = Record<string, Record<string, string>>;

/**
 * Creates namespaces for workloads, each once. They enforce the Pod Security level `restricted`, or `baseline` where some
 * pod must run as root.
 */
export function createNamespaces(
  names: string[],
  rootNames: string[],
  furtherLabels: NamespaceLabels,
  opts: pulumi.CustomResourceOptions,
): Namespaces {
  const entries = [...new Set(names)].map((name) => {
    const labels = {
      ...furtherLabels[name],
      "pod-security.kubernetes.io/enforce": rootNames.includes(name) ? "baseline" : "restricted",
      "pod-security.kubernetes.io/enforce-version": POD_SECURITY_VERSION,
    };
    return [name, new k8s.core.v1.Namespace(name, { metadata: { name, labels } }, opts)] as const;
  });
  return new Map(entries);
}
