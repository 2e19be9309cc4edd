import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accessPolicyArn, managedPolicyArn, trustDocument, TrustedService } from "../../identity/iam-policy";
import type { EksPoolPlan } from "../pool-plan";
import { poolTags } from "../pool-tags";

/** Rights of a machine of Auto Mode: to join its cluster, and to pull images. */
const nodePolicies = ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"];

/**
 * Creates the role that the machines of an Auto Mode pool run under, and lets machines with this role join the cluster.
 *
 * It is a role of their own, because a role joins a cluster in one way, and machines of other back ends join in another.
 *
 * @returns name of the role, known once machines can join with it.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html (read 2026-08)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html "Create node class access entry"
 */
export function createAutoModeNodeRole(plan: EksPoolPlan, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const { name, shape, eks } = plan;
  const tags = poolTags(plan);
  const role = new aws.iam.Role(
    `${name}-node-role`,
    {
      description: `Nodes of pool ${shape.name} of cluster ${eks.name}`,
      assumeRolePolicy: trustDocument(TrustedService.ec2),
      tags: { ...tags, Name: `${name}-node-role` },
    },
    opts,
  );
  const rights = nodePolicies.map(
    (policy, index) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-node-policy-${index}`,
        { role: role.name, policyArn: managedPolicyArn(eks.region, policy) },
        opts,
      ),
  );
  const entry = new aws.eks.AccessEntry(
    `${name}-node-access`,
    {
      clusterName: eks.clusterName,
      principalArn: role.arn,
      type: "EC2",
      tags: { ...tags, Name: `${name}-node-access` },
    },
    opts,
  );
  const access = new aws.eks.AccessPolicyAssociation(
    `${name}-node-access-policy`,
    {
      clusterName: eks.clusterName,
      principalArn: entry.principalArn,
      policyArn: accessPolicyArn(eks.region, "AmazonEKSAutoNodePolicy"),
      accessScope: { type: "cluster" },
    },
    opts,
  );
  const joinable = pulumi.all([access, ...rights].map(({ id }) => id));
  return pulumi.all([role.name, joinable]).apply(([roleName]) => roleName);
}
