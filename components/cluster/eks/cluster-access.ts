import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { partitionOf } from "../identity/iam-policy";
import { EksAccessPolicy, type EksAccessEntryArgs, type EksClusterArgs } from "./eks-cluster-args";

/** What every access entry of a cluster must know. */
export interface AccessScope {
  /** Name of the component; names of entries begin with it. */
  name: string;
  clusterName: string;
  region: string;
  tags: Record<string, string>;
  opts: pulumi.CustomResourceOptions;
}

/**
 * Lets machines in that run under a role, so that they can become nodes.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html (read 2026-08)
 */
export function letNodesIn(scope: AccessScope, principalArn: pulumi.Output<string>): aws.eks.AccessEntry {
  return createEntry(scope, "nodes", { principalArn, type: "EC2_LINUX" });
}

/** Lets people and pipelines in: administrators, and whom the user lists. @returns what gives them access. */
export function letPeopleIn(
  scope: AccessScope,
  { adminRoleArns = [], accessEntries = [] }: EksClusterArgs,
): pulumi.Resource[] {
  const admins = adminRoleArns.map((principalArn, index): EksAccessEntryArgs => {
    return { entryName: `admin-${index}`, principalArn, policy: EksAccessPolicy.clusterAdmin };
  });
  return [...admins, ...accessEntries].map(({ entryName, principalArn, policy, namespaces, kubernetesGroups }) => {
    const entry = createEntry(scope, entryName, compact({ principalArn, kubernetesGroups }));
    return policy === undefined ? entry : grant(scope, entryName, entry, policy, namespaces);
  });
}

function createEntry(
  { name, clusterName, tags, opts }: AccessScope,
  suffix: string,
  who: Omit<aws.eks.AccessEntryArgs, "clusterName" | "tags">,
): aws.eks.AccessEntry {
  const entryName = `${name}-${suffix}-access`;
  return new aws.eks.AccessEntry(entryName, { ...who, clusterName, tags: { ...tags, Name: entryName } }, opts);
}

function grant(
  { name, clusterName, region, opts }: AccessScope,
  suffix: string,
  entry: aws.eks.AccessEntry,
  policy: string,
  namespaces: string[] | undefined,
): aws.eks.AccessPolicyAssociation {
  return new aws.eks.AccessPolicyAssociation(
    `${name}-${suffix}-rights`,
    {
      clusterName,
      principalArn: entry.principalArn,
      policyArn: `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/${policy}`,
      accessScope: namespaces === undefined ? { type: "cluster" } : { type: "namespace", namespaces },
    },
    { ...opts, dependsOn: [entry] },
  );
}
