import type { Right } from "../../support/aws-rights";

/** Everything that volumes and file systems need of the cluster's key. */
export const useOfKey = [
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** The queue that {@link karpenterRights} are for. */
export const QUEUE = "arn:aws:sqs:us-east-1:123456789012:lab";

const ec2 = (account: string, ...kinds: string[]) =>
  kinds.map((kind) => `arn:aws:ec2:us-east-1:${account}:${kind}/*`).join(", ");
const chosen = [
  ec2("", "image", "snapshot"),
  ec2("*", "security-group", "subnet", "capacity-reservation", "placement-group"),
].join(", ");
const own = "123456789012";
const made = ec2(own, "fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request");
const template = ec2(own, "launch-template");
const profiles = `arn:aws:iam::${own}:instance-profile/*`;
const key = "arn:aws:kms:us-east-1:123456789012:key/lab";
const owned = "aws:ResourceTag/kubernetes.io/cluster/lab";
const asked = "aws:RequestTag/kubernetes.io/cluster/lab, aws:RequestTag/eks:eks-cluster-name";
const askedPool = "aws:RequestTag/karpenter.sh/nodepool";
const ownedPool = `${owned}, aws:ResourceTag/karpenter.sh/nodepool`;
const region = "aws:ResourceTag/topology.kubernetes.io/region";
const askedRegion = "aws:RequestTag/topology.kubernetes.io/region";
const nodeClass = "aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass";
const askedNodeClass = "aws:RequestTag/karpenter.k8s.aws/ec2nodeclass";
const askedCluster = "aws:RequestTag/kubernetes.io/cluster/lab";
const askedName = "aws:RequestTag/eks:eks-cluster-name";

/** Everything that Karpenter may do on the cluster of the tests. */
export const karpenterRights: Right[] = [
  ["ec2:RunInstances", chosen, ""],
  ["ec2:CreateFleet", chosen, ""],
  ["ec2:RunInstances", template, ownedPool],
  ["ec2:CreateFleet", template, ownedPool],
  ["ec2:RunInstances", made, `${asked}, ${askedPool}`],
  ["ec2:CreateFleet", made, `${asked}, ${askedPool}`],
  ["ec2:CreateLaunchTemplate", made, `${asked}, ${askedPool}`],
  ["ec2:CreateTags", made, `${asked}, ec2:CreateAction, ${askedPool}`],
  ["ec2:CreateTags", ec2(own, "instance"), `${ownedPool}, ${askedName}, aws:TagKeys`],
  ["ec2:TerminateInstances", ec2(own, "instance", "launch-template"), ownedPool],
  ["ec2:DeleteLaunchTemplate", ec2(own, "instance", "launch-template"), ownedPool],
  ["iam:PassRole", "arn:aws:iam::123456789012:role/lab-node", "iam:PassedToService"],
  [
    "iam:CreateServiceLinkedRole",
    "arn:aws:iam::123456789012:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot",
    "iam:AWSServiceName",
  ],
  ["iam:CreateInstanceProfile", profiles, `${askedCluster}, ${askedRegion}, ${askedName}, ${askedNodeClass}`],
  [
    "iam:TagInstanceProfile",
    profiles,
    `${owned}, ${region}, ${askedCluster}, ${askedRegion}, ${askedName}, ${nodeClass}, ${askedNodeClass}`,
  ],
  ["iam:AddRoleToInstanceProfile", profiles, `${owned}, ${region}, ${nodeClass}`],
  ["iam:RemoveRoleFromInstanceProfile", profiles, `${owned}, ${region}, ${nodeClass}`],
  ["iam:DeleteInstanceProfile", profiles, `${owned}, ${region}, ${nodeClass}`],
  ["iam:ListInstanceProfiles", "*", ""],
  ["iam:GetInstanceProfile", profiles, ""],
  ["pricing:GetProducts", "*", ""],
  ["eks:DescribeCluster", "arn:aws:eks:us-east-1:123456789012:cluster/lab", ""],
  ["ec2:DescribeCapacityReservations", "*", "aws:RequestedRegion"],
  ["ec2:DescribeImages", "*", "aws:RequestedRegion"],
  ["ec2:DescribeInstances", "*", "aws:RequestedRegion"],
  ["ec2:DescribeInstanceStatus", "*", "aws:RequestedRegion"],
  ["ec2:DescribeInstanceTypeOfferings", "*", "aws:RequestedRegion"],
  ["ec2:DescribeInstanceTypes", "*", "aws:RequestedRegion"],
  ["ec2:DescribeLaunchTemplates", "*", "aws:RequestedRegion"],
  ["ec2:DescribePlacementGroups", "*", "aws:RequestedRegion"],
  ["ec2:DescribeSecurityGroups", "*", "aws:RequestedRegion"],
  ["ec2:DescribeSpotPriceHistory", "*", "aws:RequestedRegion"],
  ["ec2:DescribeSubnets", "*", "aws:RequestedRegion"],
  ["ssm:GetParameter", "arn:aws:ssm:us-east-1::parameter/aws/service/*", ""],
  ["sqs:DeleteMessage", QUEUE, ""],
  ["sqs:GetQueueUrl", QUEUE, ""],
  ["sqs:ReceiveMessage", QUEUE, ""],
  ["kms:Decrypt", key, "kms:ViaService"],
  ["kms:DescribeKey", key, "kms:ViaService"],
  ["kms:GenerateDataKeyWithoutPlaintext", key, "kms:ViaService"],
  ["kms:ReEncryptFrom", key, "kms:ViaService"],
  ["kms:ReEncryptTo", key, "kms:ViaService"],
  ["kms:CreateGrant", key, "kms:ViaService, kms:GrantIsForAWSResource"],
];

const ownedGroup = "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled, aws:ResourceTag/k8s.io/cluster-autoscaler/lab";
const groups = "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:*:autoScalingGroupName/*";

/** Everything that the Cluster Autoscaler may do on the cluster of the tests. */
export const clusterAutoscalerRights: Right[] = [
  ["autoscaling:DescribeAutoScalingGroups", "*", "aws:RequestedRegion"],
  ["autoscaling:DescribeAutoScalingInstances", "*", "aws:RequestedRegion"],
  ["autoscaling:DescribeLaunchConfigurations", "*", "aws:RequestedRegion"],
  ["autoscaling:DescribeScalingActivities", "*", "aws:RequestedRegion"],
  ["autoscaling:DescribeTags", "*", "aws:RequestedRegion"],
  ["ec2:DescribeImages", "*", "aws:RequestedRegion"],
  ["ec2:DescribeInstanceTypes", "*", "aws:RequestedRegion"],
  ["ec2:DescribeLaunchTemplateVersions", "*", "aws:RequestedRegion"],
  ["ec2:GetInstanceTypesFromInstanceRequirements", "*", "aws:RequestedRegion"],
  ["eks:DescribeNodegroup", "arn:aws:eks:us-east-1:123456789012:nodegroup/lab/*/*", ""],
  ["autoscaling:SetDesiredCapacity", groups, ownedGroup],
  ["autoscaling:TerminateInstanceInAutoScalingGroup", groups, ownedGroup],
];
