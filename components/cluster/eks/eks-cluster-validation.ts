import { checkDnsLabel, checkEnum, type InputProblem, inputProblem, isPlain } from "../../internal";
import { DEFAULT_KUBERNETES, kubernetesVersion, standardSupportEnded, SUPPORTED_KUBERNETES } from "../../model";
import {
  EksAccessPolicy,
  type EksAccessEntryArgs,
  type EksClusterArgs,
  EksLogType,
  EksSupportType,
  type ExistingVpcArgs,
} from "./eks-cluster-args";
import { checkAddOnVersions } from "./add-on-versions";
import { isOwnEntry } from "./cluster-access";
import { checkKeyArn } from "./encryption-key";
import { checkLogRetention } from "./log-retention";
import { networkingAddOns } from "./networking-add-ons";
import { blockContains, blocksOverlap, parseIpv4Block } from "./subnets";
import { checkNetwork, checkRegion, networkOf } from "./vpc-args";

/** Checks what is particular to a cluster on EKS. */
export function validateEksCluster(name: string, args: EksClusterArgs): InputProblem[] {
  return [
    ...checkRegion("eks.region", args.region),
    ...checkClusterName(args.clusterName ?? name),
    ...checkVersion(args),
    ...checkVpc(args),
    ...checkAccessCidrs("eks.publicAccessCidrs", args.publicAccessCidrs),
    ...checkAccessCidrs("eks.privateAccessCidrs", args.privateAccessCidrs),
    ...checkPrincipals(args),
    ...(args.accessEntries ?? []).flatMap((entry, index) => checkEntry(`eks.accessEntries[${index}]`, entry)),
    ...checkRepeatedEntries(args.accessEntries ?? []),
    ...(args.logTypes ?? []).flatMap((type, index) => checkEnum(`eks.logTypes[${index}]`, type, EksLogType)),
    ...checkLogRetention("eks.logRetentionDays", args.logRetentionDays),
    ...checkKeyArn("eks.kmsKeyArn", args.kmsKeyArn),
    ...checkServiceCidr(args),
    ...checkPrefixDelegation(args),
    ...checkAddOnVersions("eks.addOnVersions", args.addOnVersions, networkingAddOns(args)),
    ...checkTags(args.tags ?? {}),
  ];
}

/** @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html (read 2026-08) */
function checkClusterName(clusterName: string): InputProblem[] {
  if (/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(clusterName)) return [];
  const allowed = "1 to 100 letters, digits, hyphens and underscores, with a letter or digit first";
  return [inputProblem("eks.clusterName", clusterName, allowed, "Rename the cluster.")];
}

function checkVersion({ kubernetesVersion: minor = DEFAULT_KUBERNETES, supportType }: EksClusterArgs): InputProblem[] {
  const problems = checkEnum("eks.supportType", supportType, EksSupportType);
  if (kubernetesVersion(minor) !== undefined) return problems;
  const remedy = `Choose one of these; ${DEFAULT_KUBERNETES} is what everything is tested with.`;
  return [...problems, inputProblem("eks.kubernetesVersion", minor, SUPPORTED_KUBERNETES.join(", "), remedy)];
}

/**
 * What is to be said on a day about the support of a cluster's version: nothing while it is in standard support, or where
 * the price of extended support is accepted.
 *
 * A warning and no problem, as the same program must not fail from one day to the next.
 */
export function supportWarning(args: EksClusterArgs, today: Date): string | undefined {
  const { kubernetesVersion: minor = DEFAULT_KUBERNETES, supportType = EksSupportType.standard } = args;
  const version = kubernetesVersion(minor);
  if (version === undefined || supportType !== EksSupportType.standard) return undefined;
  if (!standardSupportEnded(version, today)) return undefined;
  return (
    `Standard support of Kubernetes ${minor} ended on ${version.standardSupportUntil}: EKS refuses new clusters of it ` +
    `and upgrades old ones by itself. Raise eks.kubernetesVersion, or set eks.supportType to ` +
    `"${EksSupportType.extended}", which costs more every hour.`
  );
}

function checkVpc({ region, vpc, existingVpc }: EksClusterArgs): InputProblem[] {
  if (existingVpc === undefined) return checkNetwork("eks.vpc.", region, vpc ?? {});
  const both = inputProblem("eks.vpc", vpc, "none beside eks.existingVpc", "Remove one of the two.");
  return [...(vpc === undefined ? [] : [both]), ...checkSubnets(region, existingVpc)];
}

function checkSubnets(region: string, { subnets }: ExistingVpcArgs): InputProblem[] {
  const zones = new Set(subnets.map(({ availabilityZone }) => availabilityZone));
  if (zones.size >= 2 && [...zones].every((zone) => zone.startsWith(region))) return [];
  const allowed = `subnets in at least two zones of ${region}`;
  return [inputProblem("eks.existingVpc.subnets", [...zones], allowed, "EKS puts the control plane into two zones.")];
}

function checkAccessCidrs(path: string, cidrs: string[] = []): InputProblem[] {
  return cidrs.flatMap((cidr, index) => {
    if ((parseIpv4Block(cidr)?.prefix ?? 0) >= 8 && cidrs.indexOf(cidr) === index) return [];
    const remedy = "List the networks of those who operate the cluster, each once; never everybody.";
    return [inputProblem(`${path}[${index}]`, cidr, "an IPv4 block from /8 to /32, such as 203.0.113.0/24", remedy)];
  });
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html (read 2026-08) */
function checkPrincipals({
  adminRoleArns = [],
  accessEntries = [],
  kubeconfigRoleArn,
}: EksClusterArgs): InputProblem[] {
  const admins = adminRoleArns.map((arn, index) => ({ path: `eks.adminRoleArns[${index}]`, arn }));
  const others = accessEntries.map((entry, index) => {
    return { path: `eks.accessEntries[${index}].principalArn`, arn: entry.principalArn };
  });
  const role = kubeconfigRoleArn === undefined ? [] : [{ path: "eks.kubeconfigRoleArn", arn: kubeconfigRoleArn }];
  const entries = [...admins, ...others];
  const repeated = entries.filter(({ arn }, index) => {
    return isPlain(arn) && entries.findIndex((earlier) => earlier.arn === arn) < index;
  });
  return [
    ...[...entries, ...role].flatMap(({ path, arn }) => (isPlain(arn) ? checkPrincipal(path, arn) : [])),
    ...repeated.map(({ path, arn }) => inputProblem(path, arn, "each identity once", "Remove one of the entries.")),
  ];
}

function checkPrincipal(path: string, arn: string): InputProblem[] {
  if (/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/.test(arn)) return [];
  const allowed = "the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/operators";
  return [inputProblem(path, arn, allowed, "Give the role itself, not a session of it.")];
}

function checkEntry(path: string, entry: EksAccessEntryArgs): InputProblem[] {
  const { entryName, policy, namespaces, kubernetesGroups = [] } = entry;
  const useless = policy === undefined && kubernetesGroups.length === 0;
  const pointless = namespaces !== undefined && (policy === undefined || namespaces.length === 0);
  const reserved = kubernetesGroups.filter((group) => group.startsWith("system:"));
  return [
    ...checkDnsLabel(`${path}.entryName`, entryName),
    ...checkEnum(`${path}.policy`, policy, EksAccessPolicy),
    ...(useless
      ? [inputProblem(`${path}.policy`, policy, "a policy or kubernetesGroups", "Say what is allowed.")]
      : []),
    ...(pointless
      ? [inputProblem(`${path}.namespaces`, namespaces, "at least one, beside a policy", "Name them, or leave it out.")]
      : []),
    ...(reserved.length > 0
      ? [inputProblem(`${path}.kubernetesGroups`, reserved, "groups without system:", "Use a policy in their place.")]
      : []),
  ];
}

function checkRepeatedEntries(entries: EksAccessEntryArgs[]): InputProblem[] {
  const names = entries.map(({ entryName }) => entryName);
  return names.flatMap((entryName, index) => {
    if (names.indexOf(entryName) === index && !isOwnEntry(entryName)) return [];
    const allowed = "each name once, and neither nodes nor what begins with admin-";
    return [inputProblem(`eks.accessEntries[${index}].entryName`, entryName, allowed, "Rename the entry.")];
  });
}

const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) => parseIpv4Block(text)!);

/** @see https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html (read 2026-08) */
function checkServiceCidr({ region, serviceCidr, vpc, existingVpc }: EksClusterArgs): InputProblem[] {
  if (serviceCidr === undefined) return [];
  const block = parseIpv4Block(serviceCidr);
  const sizeOk = block !== undefined && block.prefix >= 12 && block.prefix <= 24;
  if (!sizeOk || !privateBlocks.some((each) => blockContains(each, block))) {
    const allowed = "a private IPv4 block from /12 to /24, such as 172.20.0.0/16";
    return [inputProblem("eks.serviceCidr", serviceCidr, allowed, "EKS accepts no others.")];
  }
  const { cidr } = networkOf(region, vpc ?? {});
  const own = existingVpc === undefined ? parseIpv4Block(cidr) : undefined;
  if (own === undefined || !blocksOverlap(own, block)) return [];
  return [inputProblem("eks.serviceCidr", serviceCidr, `a block outside the VPC's, ${cidr}`, "Move one of the two.")];
}

function checkPrefixDelegation({ autoMode, prefixDelegation }: EksClusterArgs): InputProblem[] {
  if (!autoMode || !prefixDelegation) return [];
  const remedy = "Auto Mode hands out addresses by itself; leave it out.";
  return [inputProblem("eks.prefixDelegation", prefixDelegation, "false with eks.autoMode", remedy)];
}

/** @see https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html (read 2026-08) */
function checkTags(tags: Record<string, string>): InputProblem[] {
  return Object.entries(tags).flatMap(([key, value]) => {
    const keyOk = /^[\p{L}\p{N} +\-=._:/@]{1,128}$/u.test(key) && !/^aws:/i.test(key) && key !== "Name";
    if (keyOk && /^[\p{L}\p{N} +\-=._:/@]{0,256}$/u.test(value)) return [];
    const allowed = "keys of 1 to 128 and values of up to 256 letters, digits, spaces and +-=._:/@";
    const remedy = "Respell it; keys that begin with aws:, and the key Name, are not yours to set.";
    return [inputProblem(`eks.tags["${key}"]`, value, allowed, remedy)];
  });
}
