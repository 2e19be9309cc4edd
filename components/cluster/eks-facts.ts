import type * as pulumi from "@pulumi/pulumi";

/** A subnet that nodes join, with the zone that it lies in. */
export interface NodeSubnet {
  /** Availability zone, for example `us-east-1a`; plain, as zones decide which groups of nodes there are. */
  availabilityZone: string;
  /** Id of the subnet. */
  subnetId: pulumi.Input<string>;
}

/**
 * What node pools, controllers, storage and roles must know of the EKS cluster that they belong to.
 *
 * A `Cluster` of kind `eks` yields it as `eks`; for a cluster that was made elsewhere, write it by hand.
 */
export interface EksFacts {
  /** Name of the cluster in EKS; plain, as it is part of tag keys. */
  name: string;
  /** The same name, known once the cluster is there: whatever takes it waits for the cluster. */
  clusterName: pulumi.Input<string>;
  /** AWS region, for example `us-east-1`; plain, as prices and partitions follow from it. */
  region: string;
  /** Minor version of Kubernetes, for example `1.35`. */
  kubernetesVersion: string;
  /** VPC of the nodes. */
  vpcId: pulumi.Input<string>;
  /** Private subnets of the nodes, at least one per zone in use. */
  subnets: NodeSubnet[];
  /** Security group that EKS puts on control plane and nodes; it allows everything among its members. */
  clusterSecurityGroupId: pulumi.Input<string>;
  /** ARN of the role that nodes run under. */
  nodeRoleArn: pulumi.Input<string>;
  /** Name of the role that nodes run under. */
  nodeRoleName: pulumi.Input<string>;
  /** ARN of the KMS key for volumes, file systems and buckets; AWS's own keys where undefined. */
  kmsKeyArn?: pulumi.Input<string>;
  /** Whether EKS Auto Mode is on, which pools with the back end `auto` need; false by default. */
  autoMode?: boolean;
  /**
   * Whether nodes reach nothing but the AWS services that their VPC has endpoints for, and thus neither IAM nor the prices
   * of machines; false by default.
   */
  isolated?: boolean;
  /** Tags for whatever AWS makes on behalf of the cluster (machines, volumes), so that its cost can be told apart. */
  tags?: Record<string, string>;
}
