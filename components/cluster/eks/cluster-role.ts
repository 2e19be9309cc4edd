import type * as pulumi from "@pulumi/pulumi";
import { type IamStatement, managedPolicyArn, partitionOf, TrustedService } from "../identity/iam-policy";
import { createServiceRole, type ServiceRole } from "../identity/service-role";
import { useOfKeys } from "./encryption-key";

/** What decides the rights of the control plane. */
export interface ClusterRoleArgs {
  clusterName: string;
  region: string;
  autoMode: boolean;
  /** ARN of a key that was brought for volumes; one that is made for the cluster lets the role in by its own policy. */
  broughtKeyArn?: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html (read 2026-11) */
const clusterPolicies = ["AmazonEKSClusterPolicy"];

/** @see https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html (read 2026-11) */
const autoModePolicies = [
  "AmazonEKSComputePolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
];

/** Creates the role that EKS runs the control plane under. */
export function createClusterRole(name: string, args: ClusterRoleArgs, parent: pulumi.Resource): ServiceRole {
  const policies = [...clusterPolicies, ...(args.autoMode ? autoModePolicies : [])];
  return createServiceRole(
    name,
    {
      service: TrustedService.eks,
      description: `Control plane of the EKS cluster ${args.clusterName}`,
      managedPolicyArns: policies.map((policy) => managedPolicyArn(args.region, policy)),
      statements: args.autoMode ? [...taggingStatements(args.region), ...keyStatements(args)] : [],
      tags: args.tags,
    },
    parent,
  );
}

/** Auto Mode makes volumes, those of machines too, in the name of this role. */
function keyStatements({ region, broughtKeyArn }: ClusterRoleArgs): IamStatement[] {
  return useOfKeys(region, broughtKeyArn === undefined ? [] : [broughtKeyArn], "ec2");
}

/**
 * The policies of Auto Mode let it make machines and volumes with its own tags only; ours tell whose cost they are.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html "Custom tags" (read 2026-11)
 */
function taggingStatements(region: string): IamStatement[] {
  const ec2 = `arn:${partitionOf(region)}:ec2:${region}:*`;
  const ownCluster = { "aws:RequestTag/eks:eks-cluster-name": ["${aws:PrincipalTag/eks:eks-cluster-name}"] };
  return [
    {
      sid: "TagMachines",
      actions: ["ec2:CreateFleet", "ec2:RunInstances", "ec2:CreateLaunchTemplate"],
      resources: ["*"],
      conditions: {
        StringEquals: ownCluster,
        StringLike: {
          "aws:RequestTag/eks:kubernetes-node-class-name": ["*"],
          "aws:RequestTag/eks:kubernetes-node-pool-name": ["*"],
        },
      },
      wildcardReason:
        "What is launched touches images, subnets and interfaces of any name; the tags bind it to the cluster.",
    },
    {
      sid: "TagVolumes",
      actions: ["ec2:CreateVolume", "ec2:CreateSnapshot"],
      resources: [`${ec2}:volume/*`, `${ec2}:snapshot/*`],
      conditions: { StringEquals: ownCluster },
      wildcardReason: "Volumes have no id before they are made; the tag binds them to the cluster.",
    },
  ];
}
