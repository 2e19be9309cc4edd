import * as pulumi from "@pulumi/pulumi";
import { awsRegion } from "../../model";
import type { EksFacts } from "../eks-facts";
import { type IamStatement, partitionOf, viaService } from "../identity/iam-policy";
import { accountOf } from "../identity/account";

/** Tag by which Karpenter knows what it has made for a pool. */
const POOL_TAG = "karpenter.sh/nodepool";

/** Tag by which Karpenter knows what it has made for a node class. */
const NODE_CLASS_TAG = "karpenter.k8s.aws/ec2nodeclass";

const NAMES_COME_LATER = "Karpenter makes and names these itself; the condition on their tags keeps it to its own.";
const CHOSEN_BY_NODE_CLASSES =
  "Node classes choose among these, nobody tags them for Karpenter, and other accounts may share them.";
const NO_RESOURCES = "AWS does not let this action be limited to resources.";

/**
 * What Karpenter may do: start, tag and end machines that carry the cluster's tag, hand them the node role, and read what
 * it chooses from.
 *
 * They are the rights of Karpenter's own template for CloudFormation but for those on zonal shifts, which are off, with the
 * account named everywhere; beside them, the use of the KMS key for volumes through EC2, and the role of EC2 that the first
 * spot machine of an account needs.
 *
 * @param queueArn ARN of the queue that tells of interruptions.
 * @see https://karpenter.sh/v1.14/reference/cloudformation/
 * @see https://karpenter.sh/v1.14/troubleshooting/ "Missing Service Linked Role"
 * @see https://karpenter.sh/v1.14/troubleshooting/ "Node terminates before ready on failed encrypted EBS volume"
 */
export function karpenterStatements(eks: EksFacts, queueArn: pulumi.Input<string>): IamStatement[] {
  return [
    ...machineStatements(eks),
    ...roleStatements(eks),
    ...publicStatements(eks),
    ...readingStatements(eks),
    {
      sid: "ReceiveInterruptions",
      actions: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
      resources: [queueArn],
    },
    ...keyStatements(eks),
  ];
}

function machineStatements(eks: EksFacts): IamStatement[] {
  const owner = ownerTag(eks);
  const made = ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"];
  const asked = {
    StringEquals: { [`aws:RequestTag/${owner}`]: ["owned"], "aws:RequestTag/eks:eks-cluster-name": [eks.name] },
    StringLike: { [`aws:RequestTag/${POOL_TAG}`]: ["*"] },
  };
  const own = {
    StringEquals: { [`aws:ResourceTag/${owner}`]: ["owned"] },
    StringLike: { [`aws:ResourceTag/${POOL_TAG}`]: ["*"] },
  };
  return [
    {
      sid: "StartMachinesFrom",
      actions: ["ec2:RunInstances", "ec2:CreateFleet"],
      resources: [
        ...["image", "snapshot"].map((kind) => `${service(eks, "ec2")}::${kind}/*`),
        ...["security-group", "subnet", "capacity-reservation", "placement-group"].map(
          (kind) => `${service(eks, "ec2")}:*:${kind}/*`,
        ),
      ],
      wildcardReason: CHOSEN_BY_NODE_CLASSES,
    },
    {
      sid: "StartMachinesFromOwnTemplates",
      actions: ["ec2:RunInstances", "ec2:CreateFleet"],
      resources: [ec2Arn(eks, "launch-template")],
      conditions: own,
      wildcardReason: NAMES_COME_LATER,
    },
    {
      sid: "StartTaggedMachines",
      actions: ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"],
      resources: made.map((kind) => ec2Arn(eks, kind)),
      conditions: asked,
      wildcardReason: NAMES_COME_LATER,
    },
    {
      sid: "TagWhatIsStarted",
      actions: ["ec2:CreateTags"],
      resources: made.map((kind) => ec2Arn(eks, kind)),
      conditions: {
        ...asked,
        StringEquals: {
          ...asked.StringEquals,
          "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
        },
      },
      wildcardReason: NAMES_COME_LATER,
    },
    {
      sid: "NameOwnMachines",
      actions: ["ec2:CreateTags"],
      resources: [ec2Arn(eks, "instance")],
      conditions: {
        ...own,
        StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": [eks.name] },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"] },
      },
      wildcardReason: NAMES_COME_LATER,
    },
    {
      sid: "EndOwnMachines",
      actions: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
      resources: [ec2Arn(eks, "instance"), ec2Arn(eks, "launch-template")],
      conditions: own,
      wildcardReason: NAMES_COME_LATER,
    },
  ];
}

function roleStatements(eks: EksFacts): IamStatement[] {
  const spot = "spot.amazonaws.com";
  return [
    {
      sid: "HandOverNodeRole",
      actions: ["iam:PassRole"],
      resources: [eks.nodeRoleArn],
      conditions: {
        StringEquals: { "iam:PassedToService": [...new Set(["ec2.amazonaws.com", `ec2.${dnsSuffixOf(eks)}`])] },
      },
    },
    {
      sid: "CreateSpotRoleOnce",
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [pulumi.interpolate`${iam(eks)}:role/aws-service-role/${spot}/AWSServiceRoleForEC2Spot`],
      conditions: { StringEquals: { "iam:AWSServiceName": [spot] } },
    },
  ];
}

/** What Karpenter does with services that no endpoint of a VPC leads to; where it does not reach them, pools do without. */
function publicStatements(eks: EksFacts): IamStatement[] {
  if (eks.isolated === true) return [];
  return [
    ...instanceProfileStatements(eks),
    { sid: "ReadPrices", actions: ["pricing:GetProducts"], resources: ["*"], wildcardReason: NO_RESOURCES },
  ];
}

function instanceProfileStatements(eks: EksFacts): IamStatement[] {
  const tags = (where: "Request" | "Resource") => ({
    [`aws:${where}Tag/${ownerTag(eks)}`]: ["owned"],
    [`aws:${where}Tag/topology.kubernetes.io/region`]: [eks.region],
  });
  const clusterAsked = { "aws:RequestTag/eks:eks-cluster-name": [eks.name] };
  const nodeClass = (where: "Request" | "Resource") => ({ [`aws:${where}Tag/${NODE_CLASS_TAG}`]: ["*"] });
  const profiles = { resources: [instanceProfiles(eks)], wildcardReason: NAMES_COME_LATER };
  return [
    {
      sid: "CreateInstanceProfiles",
      actions: ["iam:CreateInstanceProfile"],
      ...profiles,
      conditions: { StringEquals: { ...tags("Request"), ...clusterAsked }, StringLike: nodeClass("Request") },
    },
    {
      sid: "TagOwnInstanceProfiles",
      actions: ["iam:TagInstanceProfile"],
      ...profiles,
      conditions: {
        StringEquals: { ...tags("Resource"), ...tags("Request"), ...clusterAsked },
        StringLike: { ...nodeClass("Resource"), ...nodeClass("Request") },
      },
    },
    {
      sid: "ChangeOwnInstanceProfiles",
      actions: ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"],
      ...profiles,
      conditions: { StringEquals: tags("Resource"), StringLike: nodeClass("Resource") },
    },
    {
      sid: "ListInstanceProfiles",
      actions: ["iam:ListInstanceProfiles"],
      resources: ["*"],
      wildcardReason:
        "Karpenter lists them to find those that it no longer needs, and reads nothing but names and tags.",
    },
    {
      sid: "ReadInstanceProfiles",
      actions: ["iam:GetInstanceProfile"],
      resources: [instanceProfiles(eks)],
      wildcardReason: "Karpenter looks whether the name that it has made up is free, before there are tags.",
    },
  ];
}

function readingStatements(eks: EksFacts): IamStatement[] {
  return [
    {
      sid: "FindEndpoint",
      actions: ["eks:DescribeCluster"],
      resources: [pulumi.interpolate`${service(eks, "eks")}:${accountOf(eks.nodeRoleArn)}:cluster/${eks.name}`],
    },
    {
      sid: "ReadRegion",
      actions: [
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribePlacementGroups",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSpotPriceHistory",
        "ec2:DescribeSubnets",
      ],
      resources: ["*"],
      conditions: { StringEquals: { "aws:RequestedRegion": [eks.region] } },
      wildcardReason: NO_RESOURCES,
    },
    {
      sid: "FindImages",
      actions: ["ssm:GetParameter"],
      resources: [`${service(eks, "ssm")}::parameter/aws/service/*`],
      wildcardReason: "AWS publishes there which images there are, one parameter for each version.",
    },
  ];
}

/** EC2 encrypts volumes in the name of whoever starts the machine. */
function keyStatements(eks: EksFacts): IamStatement[] {
  if (eks.kmsKeyArn === undefined) return [];
  const throughEc2 = { "kms:ViaService": [viaService(eks.region, "ec2")] };
  const resources = [eks.kmsKeyArn];
  return [
    {
      sid: "EncryptVolumes",
      actions: [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      resources,
      conditions: { StringEquals: throughEc2 },
    },
    {
      sid: "LetVolumesUseKey",
      actions: ["kms:CreateGrant"],
      resources,
      conditions: { StringEquals: throughEc2, Bool: { "kms:GrantIsForAWSResource": ["true"] } },
    },
  ];
}

function ownerTag({ name }: EksFacts): string {
  return `kubernetes.io/cluster/${name}`;
}

function dnsSuffixOf({ region }: EksFacts): string {
  return awsRegion(region)?.dnsSuffix ?? "amazonaws.com";
}

function service({ region }: EksFacts, name: string): string {
  return `arn:${partitionOf(region)}:${name}:${region}`;
}

function ec2Arn(eks: EksFacts, kind: string): pulumi.Output<string> {
  return pulumi.interpolate`${service(eks, "ec2")}:${accountOf(eks.nodeRoleArn)}:${kind}/*`;
}

function instanceProfiles(eks: EksFacts): pulumi.Output<string> {
  return pulumi.interpolate`${iam(eks)}:instance-profile/*`;
}

function iam({ region, nodeRoleArn }: EksFacts): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partitionOf(region)}:iam::${accountOf(nodeRoleArn)}`;
}
