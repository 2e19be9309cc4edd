import * as pulumi from "@pulumi/pulumi";
import type { EksFacts } from "../eks-facts";
import { type IamStatement, partitionOf } from "../identity/iam-policy";
import type { EksAddOnsArgs } from "./eks-add-ons-args";
import { EksAddOn } from "./eks-add-ons-args";
import { useOfKeys } from "./encryption-key";
import type { AddOnRole } from "./managed-add-on";

/** What is known of an add-on that runs on nodes. */
export interface AddOnEntry {
  /** Whether it is installed where the user does not say which are. */
  byDefault: boolean;
  /** Whether EKS Auto Mode brings it, so that there must not be a second one. */
  inAutoMode: boolean;
  /** Add-ons that must be there first, where they are wanted at all. */
  after: EksAddOn[];
  configuration?: (eks: EksFacts) => object;
  role?: (eks: EksFacts, args: EksAddOnsArgs) => AddOnRole | undefined;
}

const plain: AddOnEntry = { byDefault: true, inAutoMode: false, after: [] };

/**
 * The add-ons with their settings and rights.
 *
 * Drivers run on GPU nodes too, whatever their taints. Those of EBS, of S3 and the monitoring agent's part for GPUs are
 * told so; those of EFS and FSx do it by themselves, and their settings in EKS do not name it.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html (read 2026-08)
 * @see https://github.com/aws/eks-node-monitoring-agent/blob/main/charts/configuration.schema.json (read 2026-08)
 */
export const ADD_ONS: Record<EksAddOn, AddOnEntry> = {
  "snapshot-controller": plain,
  coredns: { ...plain, inAutoMode: true },
  "aws-ebs-csi-driver": {
    ...plain,
    inAutoMode: true,
    after: [EksAddOn.snapshotController],
    configuration: ({ tags = {} }) => ({ controller: { extraVolumeTags: tags }, node: { tolerateAllTaints: true } }),
    role: (eks, { snapshotKeyArns = [] }) => ({
      serviceAccounts: ["ebs-csi-controller-sa"],
      managedPolicies: ["service-role/AmazonEBSCSIDriverPolicy"],
      statements: useOfKeys(eks.region, [...keysOf(eks), ...snapshotKeyArns], "ec2"),
    }),
  },
  "aws-efs-csi-driver": {
    ...plain,
    role: () => ({
      serviceAccounts: ["efs-csi-controller-sa", "efs-csi-node-sa"],
      managedPolicies: ["service-role/AmazonEFSCSIDriverPolicy"],
    }),
  },
  "aws-fsx-csi-driver": {
    ...plain,
    role: (eks) => ({
      serviceAccounts: ["fsx-csi-controller-sa"],
      statements: [...fileSystemsOfClaims(eks), ...useOfKeys(eks.region, keysOf(eks), "fsx")],
    }),
  },
  "aws-mountpoint-s3-csi-driver": {
    ...plain,
    configuration: () => ({ node: { tolerateAllTaints: true } }),
    role: (eks, { datasetBucketArns = [] }) =>
      datasetBucketArns.length === 0
        ? undefined
        : { serviceAccounts: ["s3-csi-driver-sa"], statements: readingOf(datasetBucketArns, eks) },
  },
  "eks-node-monitoring-agent": {
    ...plain,
    inAutoMode: true,
    configuration: () => ({ nodeAgent: { tolerations: everyTaint }, dcgmAgent: { tolerations: everyTaint } }),
  },
  "metrics-server": { ...plain, byDefault: false },
};

function keysOf({ kmsKeyArn }: EksFacts): pulumi.Input<string>[] {
  return kmsKeyArn === undefined ? [] : [kmsKeyArn];
}

const everyTaint = [{ operator: "Exists" }];

/**
 * What the driver needs to make file systems for claims, and to remove these alone: it tags what it makes.
 *
 * Import from S3 is left out; file systems with data are made beside the cluster.
 *
 * @see https://github.com/kubernetes-sigs/aws-fsx-csi-driver/blob/release-1.9/docs/install.md "Set up driver permissions"
 */
function fileSystemsOfClaims({ region }: EksFacts): IamStatement[] {
  const fileSystems = [`arn:${partitionOf(region)}:fsx:${region}:*:file-system/*`];
  const wildcardReason = "File systems get their ids from AWS; the tag of the driver tells its own.";
  return [
    {
      sid: "CreateForClaims",
      actions: ["fsx:CreateFileSystem", "fsx:TagResource"],
      resources: fileSystems,
      conditions: { Null: { "aws:RequestTag/CSIVolumeName": ["false"] } },
      wildcardReason,
    },
    {
      sid: "ChangeOwn",
      actions: ["fsx:DeleteFileSystem", "fsx:UpdateFileSystem"],
      resources: fileSystems,
      conditions: { Null: { "aws:ResourceTag/CSIVolumeName": ["false"] } },
      wildcardReason,
    },
    {
      sid: "See",
      actions: ["fsx:DescribeFileSystems"],
      resources: ["*"],
      wildcardReason: "The driver looks for its file systems in a list, which covers all of the account.",
    },
    {
      sid: "FirstFileSystemOfTheAccount",
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [`arn:${partitionOf(region)}:iam::*:role/aws-service-role/fsx.amazonaws.com/*`],
      conditions: { StringEquals: { "iam:AWSServiceName": ["fsx.amazonaws.com"] } },
      wildcardReason: "The account is not known before AWS is asked; service and path name the one role.",
    },
  ];
}

function readingOf(bucketArns: pulumi.Input<string>[], eks: EksFacts): IamStatement[] {
  const list: IamStatement = { sid: "ListDatasets", actions: ["s3:ListBucket"], resources: bucketArns };
  const read: IamStatement = {
    sid: "ReadDatasets",
    actions: ["s3:GetObject"],
    resources: bucketArns.map((arn) => pulumi.interpolate`${arn}/*`),
    wildcardReason: "Every object of the buckets that are named.",
  };
  const resources = keysOf(eks);
  return [
    list,
    read,
    ...(resources.length === 0 ? [] : [{ sid: "DecryptDatasets", actions: ["kms:Decrypt"], resources }]),
  ];
}
