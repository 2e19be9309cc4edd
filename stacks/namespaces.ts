import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { POD_SECURITY_VERSION } from "../components/model/versions";

/** Namespaces of an environment by their names. */
export type Namespaces = ReadonlyMap<string, k8s.core.v1.Namespace>;

/** Creates namespaces for workloads, each once; they enforce the Pod Security level `restricted`. */
export function createNamespaces(names: string[], opts: pulumi.CustomResourceOptions): Namespaces {
  const labels = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": POD_SECURITY_VERSION,
  };
  const entries = [...new Set(names)].map((name) => {
    return [name, new k8s.core.v1.Namespace(name, { metadata: { name, labels } }, opts)] as const;
  });
  return new Map(entries);
}
