import type * as pulumi from "@pulumi/pulumi";
import { managedPolicyArn, TrustedService } from "../identity/iam-policy";
import { createServiceRole, type ServiceRole } from "../identity/service-role";

/** What decides the rights of nodes. */
export interface NodeRoleArgs {
  clusterName: string;
  region: string;
  sessionManager: boolean;
  tags: Record<string, string>;
}

/**
 * Policies of the nodes. Addresses of pods are not among them: networking has a role of its own.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html (read 2026-08)
 */
const nodePolicies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"];

/** Creates the role that nodes run under, but for those of EKS Auto Mode, whose pools bring their own. */
export function createNodeRole(name: string, args: NodeRoleArgs, parent: pulumi.Resource): ServiceRole {
  const policies = [...nodePolicies, ...(args.sessionManager ? ["AmazonSSMManagedInstanceCore"] : [])];
  return createServiceRole(
    name,
    {
      service: TrustedService.ec2,
      description: `Nodes of the EKS cluster ${args.clusterName}`,
      managedPolicyArns: policies.map((policy) => managedPolicyArn(args.region, policy)),
      tags: args.tags,
    },
    parent,
  );
}
