import type * as pulumi from "@pulumi/pulumi";
import type { EksFacts } from "../eks-facts";

/** Add-ons of EKS that run on nodes. */
export const EksAddOn = {
  /** DNS of the cluster. */
  coredns: "coredns",
  /** Volumes for one node each. */
  ebs: "aws-ebs-csi-driver",
  /** Shared directories. */
  efs: "aws-efs-csi-driver",
  /** Shared directories that feed many GPUs at once. */
  fsx: "aws-fsx-csi-driver",
  /** Buckets as directories to read from. */
  mountpointS3: "aws-mountpoint-s3-csi-driver",
  /** Snapshots of volumes. */
  snapshotController: "snapshot-controller",
  /** Health of nodes and their GPUs. */
  nodeMonitoring: "eks-node-monitoring-agent",
  /** CPU and memory of pods and nodes; kept by the community. */
  metricsServer: "metrics-server",
} as const;
/** Add-ons of EKS that run on nodes. */
export type EksAddOn = (typeof EksAddOn)[keyof typeof EksAddOn];

/** What {@link EksAddOns} are made from. */
export interface EksAddOnsArgs {
  /** Cluster that the add-ons are for; it has nodes already, so give its system pool in `dependsOn`. */
  eks: EksFacts;
  /** Add-ons to install; by default all but `metrics-server`, and without those that EKS Auto Mode brings. */
  addOns?: EksAddOn[];
  /** By name of an add-on its version, for example `v1.48.0-eksbuild.1`; EKS's default version by default. */
  versions?: Record<string, string>;
  /** ARNs of the buckets that pods may mount through the driver's own rights, to read; none by default. */
  datasetBucketArns?: pulumi.Input<string>[];
  /**
   * ARNs of the KMS keys, beside the cluster's, that encrypt the snapshots to make volumes from; none by default. The
   * policies of these keys must leave it to the account who uses them.
   */
  snapshotKeyArns?: pulumi.Input<string>[];
  /**
   * Whether to create the StorageClass `gp3`, which is encrypted and the default one; true by default where there is a
   * driver for EBS.
   */
  storageClass?: boolean;
}
