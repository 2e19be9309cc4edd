import type * as k8s from "@pulumi/kubernetes";

/** A Kubernetes object as it is sent to the cluster; leaves may be outputs. */
export interface Manifest {
  /** Group and version, for example `batch/v1`. */
  apiVersion: string;
  /** Kind, for example `Job`. */
  kind: string;
  /** Name, namespace, labels and annotations. */
  metadata: k8s.types.input.meta.v1.ObjectMeta;
  /** What the kind is about. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kind has its own form, and schemas know no unknown
  spec?: any;
}
