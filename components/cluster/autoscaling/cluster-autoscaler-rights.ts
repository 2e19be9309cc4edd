import * as pulumi from "@pulumi/pulumi";
import type { EksFacts } from "../eks-facts";
import { type IamStatement, partitionOf } from "../identity/iam-policy";
import { accountOf } from "../identity/account";

/**
 * What the Cluster Autoscaler may do: read groups and machine types, and resize the groups that EKS has tagged as the
 * cluster's own.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/cluster-autoscaler-1.35.2/cluster-autoscaler/cloudprovider/aws/README.md
 * "IAM Policy"
 */
export function clusterAutoscalerStatements(eks: EksFacts): IamStatement[] {
  const { name, region } = eks;
  const arn = (service: string, resource: string) =>
    pulumi.interpolate`arn:${partitionOf(region)}:${service}:${region}:${accountOf(eks.nodeRoleArn)}:${resource}`;
  return [
    {
      sid: "ReadGroupsAndMachineTypes",
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeTags",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
      ],
      resources: ["*"],
      conditions: { StringEquals: { "aws:RequestedRegion": [region] } },
      wildcardReason: "AWS does not let these actions be limited to resources.",
    },
    {
      sid: "ReadEmptyGroups",
      actions: ["eks:DescribeNodegroup"],
      resources: [arn("eks", `nodegroup/${name}/*/*`)],
      wildcardReason: "Every group of this cluster, whose names and ids come later.",
    },
    {
      sid: "ResizeOwnGroups",
      actions: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      resources: [arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*")],
      conditions: {
        StringEquals: {
          "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": ["true"],
          [`aws:ResourceTag/k8s.io/cluster-autoscaler/${name}`]: ["owned"],
        },
      },
      wildcardReason: "EKS makes and names the groups; the condition on their tags keeps it to those of this cluster.",
    },
  ];
}
