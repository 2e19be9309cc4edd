import type * as pulumi from "@pulumi/pulumi";
import type { NodeSubnet } from "../eks-facts";
import type { NetworkArgs } from "./vpc-args";

/** What EKS does when standard support of the Kubernetes version ends. */
export const EksSupportType = {
  /** It upgrades the cluster to the next version. */
  standard: "STANDARD",
  /** It keeps the version for another year, for six times the price of the control plane. */
  extended: "EXTENDED",
} as const;
/** What EKS does when standard support of the Kubernetes version ends. */
export type EksSupportType = (typeof EksSupportType)[keyof typeof EksSupportType];

/** Logs of the control plane. */
export const EksLogType = {
  /** Requests to the API server, and its own messages. */
  api: "api",
  /** Who did what. */
  audit: "audit",
  /** Who was let in with which IAM identity. */
  authenticator: "authenticator",
  /** What the controllers do. */
  controllerManager: "controllerManager",
  /** Why pods are where they are. */
  scheduler: "scheduler",
} as const;
/** Logs of the control plane. */
export type EksLogType = (typeof EksLogType)[keyof typeof EksLogType];

/**
 * Rights in Kubernetes that EKS grants to IAM identities.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html (read 2026-08)
 */
export const EksAccessPolicy = {
  /** Everything, like `cluster-admin`. */
  clusterAdmin: "AmazonEKSClusterAdminPolicy",
  /** Everything in namespaces but quotas and the namespaces themselves, like `admin`. */
  admin: "AmazonEKSAdminPolicy",
  /** Sees everything, secrets too. */
  adminView: "AmazonEKSAdminViewPolicy",
  /** Changes workloads and their configuration, like `edit`. */
  edit: "AmazonEKSEditPolicy",
  /** Sees everything but secrets, like `view`. */
  view: "AmazonEKSViewPolicy",
} as const;
/** Rights in Kubernetes that EKS grants to IAM identities. */
export type EksAccessPolicy = (typeof EksAccessPolicy)[keyof typeof EksAccessPolicy];

/** Lets an IAM identity into the cluster. */
export interface EksAccessEntryArgs {
  /**
   * Name of the entry, a DNS label, unique in the cluster. An identity that is to get an entry of another name loses the
   * first one in an update before, as EKS refuses two for one identity.
   */
  entryName: string;
  /** ARN of an IAM role or user; not of a session. */
  principalArn: pulumi.Input<string>;
  /** What EKS grants; nothing by default, where the groups are granted what they need by RBAC. */
  policy?: EksAccessPolicy;
  /** Namespaces that the policy is limited to; the whole cluster by default. */
  namespaces?: string[];
  /** Groups that the identity is in for RBAC; none by default. */
  kubernetesGroups?: string[];
}

/** A VPC that is there already. */
export interface ExistingVpcArgs {
  /** Id of the VPC. */
  vpcId: pulumi.Input<string>;
  /** Private subnets of control plane and nodes, in at least two zones, with a way to AWS services. */
  subnets: NodeSubnet[];
}

/** What is particular to a cluster on EKS. */
export interface EksClusterArgs {
  /** AWS region, which must be that of the AWS provider. */
  region: string;
  /** Name of the cluster in EKS, at most 100 letters, digits, hyphens and underscores; the component's by default. */
  clusterName?: string;
  /** Minor version of Kubernetes; `1.35` by default. */
  kubernetesVersion?: string;
  /** What happens at the end of standard support; `STANDARD` by default, as `EXTENDED` costs more every hour. */
  supportType?: EksSupportType;
  /** Settings of the VPC that is made for the cluster. */
  vpc?: NetworkArgs;
  /** A VPC that is there already, in place of one that is made. */
  existingVpc?: ExistingVpcArgs;
  /**
   * Blocks of the internet that may reach the API server, from /8 to /32; none by default, so that it has no public
   * endpoint. The endpoint inside the VPC is always there.
   */
  publicAccessCidrs?: string[];
  /**
   * Blocks beyond the cluster that may reach the private endpoint, from /8 to /32: networks behind a VPN, or the VPC of
   * the machine that deploys; none by default.
   */
  privateAccessCidrs?: string[];
  /**
   * ARNs of the IAM roles that may do everything on the cluster, beside the identity that creates it; none by default. That
   * one must not be listed: EKS makes an entry for it by itself, and refuses a second one (409). Where ARNs are outputs,
   * their places in the list name their entries: add further ones at the end.
   *
   * @see https://github.com/pulumi/pulumi-eks/issues/2373 (read 2026-11)
   */
  adminRoleArns?: pulumi.Input<string>[];
  /** Further identities that are let in; none by default. */
  accessEntries?: EksAccessEntryArgs[];
  /**
   * ARN of the role that kubectl and Pulumi assume to reach the cluster; whoever runs them by default. Unless this role
   * creates the cluster too, list it in `adminRoleArns`, or it is not let in.
   */
  kubeconfigRoleArn?: pulumi.Input<string>;
  /**
   * Whether EKS Auto Mode starts the nodes and brings networking, DNS and volumes; false by default. Its built-in pools,
   * which know no ceiling, stay off: create pools with the back end `auto`.
   */
  autoMode?: boolean;
  /** Whether pods get addresses in blocks of 16, so that more fit on a node; false by default. Not with Auto Mode. */
  prefixDelegation?: boolean;
  /**
   * Versions of the add-ons that nodes need to start (`vpc-cni`, `kube-proxy`, `eks-pod-identity-agent`), by name; by
   * default the one that EKS takes for the version of Kubernetes at the time, which an upgrade of the cluster leaves.
   */
  addOnVersions?: Record<string, string>;
  /** Whether AWS Systems Manager may open shells on nodes; false by default. */
  sessionManager?: boolean;
  /** Logs of the control plane; all five by default. */
  logTypes?: EksLogType[];
  /** Days that these logs are kept, one of the periods of CloudWatch Logs; 90 by default. */
  logRetentionDays?: number;
  /** Whether EKS refuses to delete the cluster until this is turned off; false by default. Choose true for production. */
  deletionProtection?: boolean;
  /**
   * ARN of the KMS key for secrets and volumes; by default one is made, and changed every year. The policy of a key that is
   * brought must let the account decide who uses it, and let whoever in the account acts through EC2 do so: machines get
   * their volumes in the name of EC2 Auto Scaling's own role, which no other policy can let in. Without that they end as
   * soon as they start.
   *
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html (read 2026-08)
   */
  kmsKeyArn?: pulumi.Input<string>;
  /** Block of the Services, a private one from /12 to /24 outside the VPC; EKS chooses by default. Cannot be changed. */
  serviceCidr?: string;
  /** Tags of everything that belongs to the cluster, so that its cost can be told apart. */
  tags?: Record<string, string>;
}

/** Tag that everything of a cluster carries, with the cluster's name. */
export const CLUSTER_TAG = "mlstack:cluster";
