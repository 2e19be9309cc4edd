import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";

/** Disks that are made from an EBS snapshot. */
export interface SnapshotVolume {
  namespace: string;
  /** Name of the claims. */
  claimName: string;
  /** Name of the CSI driver. */
  driver: string;
  snapshotId: pulumi.Input<string>;
  /** Name of the VolumeSnapshot: one of its own for each snapshot, as it stands for the same one forever. */
  snapshotName: pulumi.Input<string>;
  sizeGib: number;
  copies: number;
  storageClassName?: string;
}

const API_VERSION = "snapshot.storage.k8s.io/v1";

/**
 * What ties a snapshot that is in EBS to the VolumeSnapshot of a namespace; it leaves the snapshot alone when it goes.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volume-snapshots/#static (Kubernetes 1.36)
 */
export function volumeSnapshotContentManifest(volume: SnapshotVolume) {
  const { namespace, driver, snapshotId, snapshotName } = volume;
  return {
    apiVersion: API_VERSION,
    kind: "VolumeSnapshotContent",
    metadata: {},
    spec: {
      deletionPolicy: "Retain",
      driver,
      source: { snapshotHandle: snapshotId },
      sourceVolumeMode: "Filesystem",
      volumeSnapshotRef: { name: snapshotName, namespace },
    },
  };
}

/** The snapshot as claims of its namespace name it. */
export function volumeSnapshotManifest(volume: SnapshotVolume, contentName: pulumi.Input<string>) {
  return {
    apiVersion: API_VERSION,
    kind: "VolumeSnapshot",
    metadata: { name: volume.snapshotName, namespace: volume.namespace },
    spec: { source: { volumeSnapshotContentName: contentName } },
  };
}

/**
 * A claim for one disk.
 *
 * It is ReadWriteOnce although the data is only read: the driver grants a disk with a file system to one node, whatever
 * it is for.
 *
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/multi-attach.md
 */
export function snapshotClaimManifest(volume: SnapshotVolume, claimName: string) {
  const { namespace, snapshotName, sizeGib, storageClassName } = volume;
  return {
    apiVersion: "v1" as const,
    kind: "PersistentVolumeClaim" as const,
    metadata: { name: claimName, namespace },
    spec: compact({
      accessModes: ["ReadWriteOnce"],
      storageClassName,
      dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: snapshotName },
      resources: { requests: { storage: `${sizeGib}Gi` } },
    }),
  };
}

/** Names of the claims: the name itself for one copy, numbered from 0 for several, as pods of an indexed Job are. */
export function snapshotClaimNames({ claimName, copies }: SnapshotVolume): string[] {
  return copies === 1 ? [claimName] : Array.from({ length: copies }, (_, index) => `${claimName}-${index}`);
}

/** Creates the snapshot and its claims; tells the names of the claims. */
export function createSnapshotVolume(
  name: string,
  volume: SnapshotVolume,
  parent: pulumi.Resource,
): pulumi.Output<string>[] {
  const content = new k8s.apiextensions.CustomResource(
    `${name}-snapshot-content`,
    volumeSnapshotContentManifest(volume),
    { parent, replaceOnChanges: ["spec"] },
  );
  const contentName = content.metadata.apply((metadata) => metadata.name);
  const snapshot = new k8s.apiextensions.CustomResource(
    `${name}-snapshot`,
    volumeSnapshotManifest(volume, contentName),
    { parent },
  );
  return snapshotClaimNames(volume).map((claimName, index) => {
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      `${name}-claim-${index}`,
      snapshotClaimManifest(volume, claimName),
      // Another snapshot is other data, for which a new disk under the same name has to be made.
      { parent, dependsOn: [snapshot], replaceOnChanges: ["spec.dataSource"], deleteBeforeReplace: true },
    );
    return claim.metadata.name;
  });
}
