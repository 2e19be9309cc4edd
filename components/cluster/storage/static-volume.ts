import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";

/** A file system or bucket that is there already, as a pair of volume and claim shows it to pods. */
export interface StaticVolume {
  /** Namespace of the claim, hence of the pods. */
  namespace: string;
  /** Name of the claim. */
  claimName: string;
  /** Who mounts it how. */
  accessMode: "ReadWriteMany" | "ReadOnlyMany";
  /** Size in GiB; what it is compared with is up to the driver, and those of file systems ignore it. */
  sizeGib: number;
  /** Options of `mount`. */
  mountOptions?: pulumi.Input<string>[];
  /** Name of the CSI driver. */
  driver: string;
  /** What the driver calls the volume. */
  volumeHandle: pulumi.Input<string>;
  /** What the driver must know beside. */
  volumeAttributes?: Record<string, pulumi.Input<string>>;
}

/**
 * The volume of a static pair: kept for this one claim, and left alone when the claim goes.
 *
 * The name is left to Pulumi: a volume cannot be pointed at another file system, so a new one is made before the claim
 * moves to it.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume (Kubernetes 1.36)
 */
export function persistentVolumeManifest(volume: StaticVolume) {
  const { namespace, claimName, accessMode, sizeGib, mountOptions, driver, volumeHandle, volumeAttributes } = volume;
  const readOnly = accessMode === "ReadOnlyMany" || undefined;
  return {
    apiVersion: "v1" as const,
    kind: "PersistentVolume" as const,
    metadata: {},
    spec: compact({
      accessModes: [accessMode],
      capacity: { storage: `${sizeGib}Gi` },
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "",
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: claimName },
      mountOptions,
      csi: compact({ driver, volumeHandle, readOnly, volumeAttributes }),
    }),
  };
}

/**
 * The claim of a static pair. The empty class keeps the cluster's default class from making a volume of its own. The claim
 * asks for as little as there is: it is given the whole volume, and Kubernetes would not let it ask for more later on, when
 * the volume has grown.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims (1.36)
 */
export function persistentVolumeClaimManifest(volume: StaticVolume, volumeName: pulumi.Input<string>) {
  const { namespace, claimName, accessMode } = volume;
  return {
    apiVersion: "v1" as const,
    kind: "PersistentVolumeClaim" as const,
    metadata: { name: claimName, namespace },
    spec: {
      accessModes: [accessMode],
      storageClassName: "",
      volumeName,
      resources: { requests: { storage: "1Gi" } },
    },
  };
}

/** Creates volume and claim, once everything is there that mounting needs. */
export function createStaticVolume(
  name: string,
  volume: StaticVolume,
  options: { parent: pulumi.Resource; dependsOn: pulumi.Resource[] },
): k8s.core.v1.PersistentVolumeClaim {
  const { parent } = options;
  const created = new k8s.core.v1.PersistentVolume(`${name}-volume`, persistentVolumeManifest(volume), options);
  const claim = persistentVolumeClaimManifest(volume, created.metadata.name);
  return new k8s.core.v1.PersistentVolumeClaim(`${name}-claim`, claim, { parent });
}
