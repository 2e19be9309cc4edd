import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ClusterKind, validateCluster } from "../../../../components/cluster/cluster";
import {
  type EksAccessEntryArgs,
  EksAccessPolicy,
  type EksClusterArgs,
  type EksLogType,
  EksSupportType,
} from "../../../../components/cluster/eks/eks-cluster-args";
import { supportWarning } from "../../../../components/cluster/eks/eks-cluster-validation";

const reasonsOf = (eks: Partial<EksClusterArgs>, name = "lab") =>
  validateCluster(name, { kind: ClusterKind.eks, eks: { region: "us-east-1", ...eks } }).map(({ reason }) => reason);

const subnetsIn = (...zones: string[]) =>
  zones.map((availabilityZone, index) => ({ availabilityZone, subnetId: `subnet-${index}` }));
const operators = "arn:aws:iam::123456789012:role/operators";
const entry = { entryName: "vision", principalArn: operators, policy: EksAccessPolicy.edit };

describe("Cluster on EKS: checks", () => {
  it.each<[string, Partial<EksClusterArgs>]>([
    ["a region alone", {}],
    [
      "a VPC that is there already",
      { existingVpc: { vpcId: "vpc-1", subnets: subnetsIn("us-east-1a", "us-east-1b") } },
    ],
    ["the oldest version in standard support", { kubernetesVersion: "1.34" }],
    [
      "a version out of standard support, where its price is accepted",
      { kubernetesVersion: "1.33", supportType: EksSupportType.extended },
    ],
    ["a single address that may reach the API server", { publicAccessCidrs: ["203.0.113.7/32"] }],
    ["administrators that are not known yet", { adminRoleArns: [pulumi.output("later"), pulumi.output("later")] }],
    ["users, with rights and with groups", { accessEntries: [entry, { ...user("a"), kubernetesGroups: ["a"] }] }],
    ["no logs at all", { logTypes: [] }],
    ["a block of Services beside the VPC", { serviceCidr: "10.1.0.0/16" }],
    ["tags in any script", { tags: { "team:cost-centre": "Forschung & Lehre".replace("&", "+"), équipe: "" } }],
  ])("accepts %s", (_given, eks) => {
    expect(reasonsOf(eks)).toEqual([]);
  });

  it.each([
    { on: "2026-12-01", warned: false },
    { on: "2026-12-02", warned: true },
  ])("count Kubernetes 1.34 as supported until 2026-12-02: warned on $on is $warned", ({ on, warned }) => {
    const args = { region: "us-east-1", kubernetesVersion: "1.34" };
    expect(supportWarning(args, new Date(on)) !== undefined).toBe(warned);
  });

  it("warn of a version out of standard support, unless the price of extended support is accepted", () => {
    const args = { region: "us-east-1", kubernetesVersion: "1.33" };
    const day = new Date("2026-11-22");
    expect(supportWarning(args, day)).toBe(
      "Standard support of Kubernetes 1.33 ended on 2026-07-29: EKS refuses new clusters of it and upgrades old ones by " +
        'itself. Raise eks.kubernetesVersion, or set eks.supportType to "EXTENDED", which costs more every hour.',
    );
    expect(supportWarning({ ...args, supportType: EksSupportType.extended }, day)).toBeUndefined();
  });

  it.each<[string, Partial<EksClusterArgs>, string]>([
    [
      "a misspelt region",
      { region: "us-east1" },
      'eks.region is "us-east1"; allowed: an AWS region with EKS and GPUs. Did you mean "us-east-1"?',
    ],
    [
      "a name that EKS does not take",
      { clusterName: "lab.eu" },
      'eks.clusterName is "lab.eu"; allowed: 1 to 100 letters, digits, hyphens and underscores, ' +
        "with a letter or digit first. Rename the cluster.",
    ],
    [
      "a version that is not offered",
      { kubernetesVersion: "1.20" },
      'eks.kubernetesVersion is "1.20"; allowed: 1.36, 1.35, 1.34, 1.33. ' +
        "Choose one of these; 1.35 is what everything is tested with.",
    ],
    [
      "a version of an add-on that is none",
      { addOnVersions: { "vpc-cni": "latest" } },
      'eks.addOnVersions["vpc-cni"] is "latest"; allowed: a version such as v1.48.0-eksbuild.1. ' +
        "`aws eks describe-addon-versions` lists those that there are.",
    ],
    [
      "a version of an add-on that comes later",
      { addOnVersions: { coredns: "v1.14.0-eksbuild.1" } },
      'eks.addOnVersions["coredns"] is "v1.14.0-eksbuild.1"; allowed: versions of eks-pod-identity-agent, kube-proxy, ' +
        "vpc-cni. Correct the name, or remove it.",
    ],
    [
      "a version of an add-on that Auto Mode brings",
      { autoMode: true, addOnVersions: { "vpc-cni": "v1.20.0-eksbuild.1" } },
      'eks.addOnVersions["vpc-cni"] is "v1.20.0-eksbuild.1"; allowed: none that EKS Auto Mode brings. ' +
        "Correct the name, or remove it.",
    ],
    [
      "a support type that there is not",
      { supportType: "FOREVER" as EksSupportType },
      'eks.supportType is "FOREVER"; allowed: STANDARD, EXTENDED. Set eks.supportType to one of these.',
    ],
    [
      "a block for the VPC that is none",
      { vpc: { cidr: "ten" } },
      'eks.vpc.cidr is "ten"; allowed: an IPv4 block from /16 to /20, such as 10.0.0.0/16. ' +
        "Pods take addresses too, so less than a /20 does not last; begin at the block's first address.",
    ],
    [
      "a VPC to make beside one that is there",
      { vpc: {}, existingVpc: { vpcId: "vpc-1", subnets: subnetsIn("us-east-1a", "us-east-1b") } },
      "eks.vpc is {}; allowed: none beside eks.existingVpc. Remove one of the two.",
    ],
    [
      "subnets in a single zone",
      { existingVpc: { vpcId: "vpc-1", subnets: subnetsIn("us-east-1a", "us-east-1a") } },
      'eks.existingVpc.subnets is ["us-east-1a"]; allowed: subnets in at least two zones of us-east-1. ' +
        "EKS puts the control plane into two zones.",
    ],
    [
      "an API server that is open to everybody",
      { publicAccessCidrs: ["203.0.113.0/24", "0.0.0.0/0"] },
      'eks.publicAccessCidrs[1] is "0.0.0.0/0"; allowed: an IPv4 block from /8 to /32, such as 203.0.113.0/24. ' +
        "List the networks of those who operate the cluster, each once; never everybody.",
    ],
    [
      "a private endpoint that is open to half the world",
      { privateAccessCidrs: ["128.0.0.0/1"] },
      'eks.privateAccessCidrs[0] is "128.0.0.0/1"; allowed: an IPv4 block from /8 to /32, such as 203.0.113.0/24. ' +
        "List the networks of those who operate the cluster, each once; never everybody.",
    ],
    [
      "a session in place of a role",
      { adminRoleArns: ["arn:aws:sts::123456789012:assumed-role/operators/me"] },
      'eks.adminRoleArns[0] is "arn:aws:sts::123456789012:assumed-role/operators/me"; ' +
        "allowed: the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/operators. " +
        "Give the role itself, not a session of it.",
    ],
    [
      "a role for kubectl that is none",
      { kubeconfigRoleArn: "operators" },
      'eks.kubeconfigRoleArn is "operators"; ' +
        "allowed: the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/operators. " +
        "Give the role itself, not a session of it.",
    ],
    [
      "an identity with two entries",
      { adminRoleArns: [operators], accessEntries: [entry] },
      `eks.accessEntries[0].principalArn is "${operators}"; allowed: each identity once. Remove one of the entries.`,
    ],
    [
      "an entry that allows nothing",
      { accessEntries: [user("vision")] },
      "eks.accessEntries[0].policy is missing; allowed: a policy or kubernetesGroups. Say what is allowed.",
    ],
    [
      "a policy that there is not",
      { accessEntries: [{ ...entry, policy: "root" as EksAccessPolicy }] },
      'eks.accessEntries[0].policy is "root"; allowed: AmazonEKSClusterAdminPolicy, AmazonEKSAdminPolicy, ' +
        "AmazonEKSAdminViewPolicy, AmazonEKSEditPolicy, AmazonEKSViewPolicy. " +
        "Set eks.accessEntries[0].policy to one of these.",
    ],
    [
      "namespaces without a policy that they limit",
      { accessEntries: [{ ...user("vision"), kubernetesGroups: ["vision"], namespaces: ["vision"] }] },
      'eks.accessEntries[0].namespaces is ["vision"]; allowed: at least one, beside a policy. ' +
        "Name them, or leave it out.",
    ],
    [
      "a group of Kubernetes itself",
      { accessEntries: [{ ...user("vision"), kubernetesGroups: ["system:masters"] }] },
      'eks.accessEntries[0].kubernetesGroups is ["system:masters"]; allowed: groups without system:. ' +
        "Use a policy in their place.",
    ],
    [
      "an entry with the name of one that the cluster makes itself",
      { accessEntries: [{ ...entry, entryName: "admin-vision" }] },
      'eks.accessEntries[0].entryName is "admin-vision"; ' +
        "allowed: each name once, and neither nodes nor what begins with admin-. Rename the entry.",
    ],
    [
      "a name of an entry that is none",
      { accessEntries: [{ ...entry, entryName: "Vision team" }] },
      'eks.accessEntries[0].entryName is "Vision team"; ' +
        "allowed: at most 63 lower-case letters, digits and inner hyphens. " +
        "Set eks.accessEntries[0].entryName to such a name.",
    ],
    [
      "a log that there is not",
      { logTypes: ["audit", "etcd" as EksLogType] },
      'eks.logTypes[1] is "etcd"; allowed: api, audit, authenticator, controllerManager, scheduler. ' +
        "Set eks.logTypes[1] to one of these.",
    ],
    [
      "logs that are kept for ever",
      { logRetentionDays: 0 },
      "eks.logRetentionDays is 0; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, " +
        "1827, 2192, 2557, 2922, 3288, 3653. Set eks.logRetentionDays to one of these, such as 1.",
    ],
    [
      "an alias in place of a key",
      { kmsKeyArn: "alias/lab" },
      'eks.kmsKeyArn is "alias/lab"; allowed: the ARN of a KMS key, such as ' +
        "arn:aws:kms:us-east-1:123456789012:key/…. Give the key itself, not an alias of it.",
    ],
    [
      "public addresses for Services",
      { serviceCidr: "203.0.113.0/24" },
      'eks.serviceCidr is "203.0.113.0/24"; ' +
        "allowed: a private IPv4 block from /12 to /24, such as 172.20.0.0/16. EKS accepts no others.",
    ],
    [
      "Services inside the VPC",
      { serviceCidr: "10.0.64.0/20" },
      'eks.serviceCidr is "10.0.64.0/20"; allowed: a block outside the VPC\'s, 10.0.0.0/16. Move one of the two.',
    ],
    [
      "blocks of addresses in Auto Mode",
      { autoMode: true, prefixDelegation: true },
      "eks.prefixDelegation is true; allowed: false with eks.autoMode. " +
        "Auto Mode hands out addresses by itself; leave it out.",
    ],
    [
      "a tag that belongs to AWS",
      { tags: { "aws:team": "vision" } },
      'eks.tags["aws:team"] is "vision"; allowed: keys of 1 to 128 and values of up to 256 letters, digits, spaces ' +
        "and +-=._:/@. Respell it; keys that begin with aws:, and the key Name, are not yours to set.",
    ],
  ])("refuses %s", (_given, eks, reason) => {
    expect(reasonsOf(eks)).toEqual([reason]);
  });

  it("refuses the component's name where EKS does not take it and no other is given", () => {
    expect(reasonsOf({}, "lab eu")).toHaveLength(1);
    expect(reasonsOf({ clusterName: "lab" }, "lab eu")).toEqual([]);
  });

  it("tells every problem at once", () => {
    expect(reasonsOf({ clusterName: "", kubernetesVersion: "2", serviceCidr: "x", logRetentionDays: 2 })).toHaveLength(
      4,
    );
  });
});

function user(entryName: string): EksAccessEntryArgs {
  return { entryName, principalArn: `arn:aws:iam::123456789012:user/${entryName}` };
}
