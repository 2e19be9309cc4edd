import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { compact, isPlain } from "../../internal";
import { accessPolicyArn } from "../identity/iam-policy";
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
  return createEntry(scope, NODES, { principalArn, type: "EC2_LINUX" });
}

/** Lets people and pipelines in: administrators, and whom the user lists. @returns what gives them access. */
export function letPeopleIn(
  scope: AccessScope,
  { adminRoleArns = [], accessEntries = [] }: EksClusterArgs,
): pulumi.Resource[] {
  const admins = adminRoleArns.map((principalArn, index): EksAccessEntryArgs => {
    return { entryName: adminEntry(principalArn, index), principalArn, policy: EksAccessPolicy.clusterAdmin };
  });
  return [...admins, ...accessEntries].map(({ entryName, principalArn, policy, namespaces, kubernetesGroups }) => {
    const entry = createEntry(scope, entryName, compact({ principalArn, kubernetesGroups }));
    return policy === undefined ? entry : grant(scope, entryName, entry, policy, namespaces);
  });
}

/** Tells whether the cluster itself makes entries of such a name. */
export function isOwnEntry(entryName: string): boolean {
  return entryName === NODES || entryName.startsWith(ADMIN);
}

const NODES = "nodes";
const ADMIN = "admin-";

/**
 * The entry of an administrator is named after who it is rather than after a place in the list: EKS refuses a second entry
 * for an identity, which an administrator who moves up would get before the first one goes.
 */
function adminEntry(principalArn: pulumi.Input<string>, index: number): string {
  if (!isPlain(principalArn)) return `${ADMIN}${index}`;
  const role = principalArn.slice(principalArn.lastIndexOf("/") + 1).toLowerCase();
  const words = role.split(/[^a-z0-9]+/).filter((word) => word !== "");
  // Roles of several paths and accounts may have one name.
  const digest = createHash("sha256").update(principalArn).digest("hex").slice(0, 8);
  return ADMIN + [...words, digest].join("-");
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
      policyArn: accessPolicyArn(region, policy),
      accessScope: namespaces === undefined ? { type: "cluster" } : { type: "namespace", namespaces },
    },
    // EKS knows a right by identity and policy, so an old one that went last would take the new one with it.
    { ...opts, dependsOn: [entry], deleteBeforeReplace: true },
  );
}
