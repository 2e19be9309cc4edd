import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { LineageArgs } from "mlstack/workloads";

/** What the workloads of a story stand on. */
export interface StoryGround {
  /** Provider of the cluster. */
  provider: k8s.Provider;
  /** Namespace of the workloads; it enforces the Pod Security level `restricted`. */
  namespace: pulumi.Input<string>;
  /** The image of one of the programs in `examples/`, for example `refit-train`. */
  image: (name: string) => string;
  /** Version of the code in these images. */
  version: string;
  /** Git commit that the code of the workloads comes from; undefined where nobody says. */
  commit: string | undefined;
  /** StorageClass of volumes that many pods write; undefined for the cluster's default one. */
  storageClass: string | undefined;
  /** What must be there before a pod starts, such as nodes and controllers. */
  dependsOn: pulumi.Resource[];
}

/** The lineage of a workload as its arguments take it: the commit, where it is known. */
export function lineageOf({ commit }: Pick<StoryGround, "commit">): { lineage?: LineageArgs } {
  return commit === undefined ? {} : { lineage: { commit } };
}

/** Time that a volume may take; that of a simulated node takes a second. */
const TIMEOUT = "5m";

/** Claims a volume that many pods read and write at a time; its storage class must have such. */
export function sharedVolume(
  name: string,
  size: string,
  { provider, namespace, storageClass, dependsOn }: StoryGround,
): pulumi.Output<string> {
  const claim = new k8s.core.v1.PersistentVolumeClaim(
    name,
    {
      metadata: { name, namespace },
      spec: {
        accessModes: ["ReadWriteMany"],
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        resources: { requests: { storage: size } },
      },
    },
    { provider, dependsOn, customTimeouts: { create: TIMEOUT } },
  );
  return claim.metadata.name;
}
