import { ClusterKind, type EksAddOnsArgs, type EksFacts, validateCluster, validateEksAddOns } from "../../components";
import { networkOf } from "../../components/cluster/eks/vpc-args";
import { DEFAULT_KUBERNETES } from "../../components/model";
import { fromInputs } from "./component-problems";
import { type ConfigDraft, isRelated, isWithin, mended } from "./draft";
import { CONFIG_NAMESPACE, type ConfigProblem, configPath, dotted } from "./problem";
import type { Config } from "./schema";
import type { EksConfig } from "./schema-cluster";
import { checkTags, eksArgs } from "./tags";

/** What the configuration of a cluster on EKS says, and what is wrong with it. */
export interface EksReading {
  problems: ConfigProblem[];
  /**
   * What is known of the cluster before it is there, for the checks of what stands on it; undefined for other clusters.
   * Sound values stand for what could not be read.
   */
  facts: EksFacts | undefined;
  /** Keys, of whatever stands on the cluster, that nothing can be said about as what they depend on could not be read. */
  unknowable: string[];
}

type ClusterConfig = Config["cluster"];

const eksPath = (...keys: string[]) => configPath(["cluster", "eks", ...keys]);

/** Keys that decide about zones. */
const zoneKeys = [eksPath("vpc", "availabilityZones"), eksPath("existingVpc")];

/** Keys of the cluster, with those that can only be judged where these are sound. */
const dependants: { of: string[]; keys: string[] }[] = [
  { of: [...zoneKeys, eksPath("region")], keys: ["availabilityZones", "availabilityZone"] },
  // Prices differ by region, and ceilings in money by price.
  { of: [eksPath("region")], keys: ["region", "maxUsdPerHour", "minNodes", "schedules"] },
  { of: [eksPath("autoMode")], keys: ["backEnd", "install"] },
];

/** Reads what a configuration says of a cluster on EKS. */
export function readEks({ cluster }: ConfigDraft, stack: string): EksReading {
  if (cluster?.kind !== ClusterKind.eks) return { problems: [], facts: undefined, unknowable: [] };
  const { value, faults } = mended<ClusterConfig>(["cluster"], cluster, { eks: samples });
  const args = value.eks && { eks: eksArgs(value.eks, {}, stack) };
  const all = fromInputs(["cluster"], validateCluster("", { kind: ClusterKind.eks, ...args }));
  const isUnsound = (key: string) => isRelated(key, [...faults, ...all.map(({ path }) => path)]);
  const problems = all.filter(({ path }) => {
    // Without a region there is no telling which zones it has.
    const isAboutZones = zoneKeys.some((key) => isWithin(path, key));
    return !isRelated(path, faults) && !(isAboutZones && isUnsound(eksPath("region")));
  });
  const unknowable = dependants.filter(({ of }) => of.some(isUnsound)).flatMap(({ keys }) => keys);
  const { autoMode = false } = value.eks ?? {};
  const known =
    value.eks === undefined || isUnsound(eksPath("region")) ? { region: samples.region, autoMode } : value.eks;
  return { problems, facts: plannedFacts(known, stack), unknowable };
}

/** The arguments of the add-ons that a configuration asks for. */
export function addOnArgs({ install, ...args }: NonNullable<Config["addOns"]>): Omit<EksAddOnsArgs, "eks"> {
  return install === undefined ? args : { ...args, addOns: install };
}

/** Everything that is wrong with the add-ons; `eks` is what is known of the cluster, where it is one on EKS. */
export function addOnProblems({ addOns }: ConfigDraft, eks: EksFacts | undefined): ConfigProblem[] {
  if (addOns === undefined || eks === undefined) return [];
  const { value, faults } = mended<NonNullable<Config["addOns"]>>(["addOns"], addOns, {});
  const problems = validateEksAddOns("", { ...addOnArgs(value), eks });
  // What else may be said depends on what is installed.
  const doubtful = isRelated(configPath(["addOns", "install"]), faults) ? [configPath(["addOns"])] : faults;
  return fromInputs(["addOns"], problems, { input: "addOns", key: "install" }).filter(
    ({ path }) => !isRelated(path, doubtful),
  );
}

/** Tags are part of the cluster's arguments, and a key of their own in the configuration. */
const TAGS_INPUT = "eks.tags";

/** Everything that is wrong with the tags of what is in AWS. */
export function tagProblems({ cluster, tags: draft }: ConfigDraft, stack: string): ConfigProblem[] {
  if (cluster?.kind !== ClusterKind.eks || draft === undefined) return [];
  const { value, faults } = mended<NonNullable<Config["tags"]>>(["tags"], draft, {});
  const args = eksArgs({ region: samples.region }, value, stack);
  const found = validateCluster("", { kind: ClusterKind.eks, eks: args }).map(({ propertyPath, reason }) => {
    const path = `${CONFIG_NAMESPACE}:${dotted(propertyPath.replace(TAGS_INPUT, "tags"))}`;
    return { path, text: path + reason.slice(propertyPath.length) };
  });
  return [...found, ...checkTags(value)].filter(({ path }) => !isRelated(path, faults));
}

/** Ids come with the resources; nothing that is checked beforehand depends on them. */
function plannedFacts(eks: EksConfig, stack: string): EksFacts {
  const { region, existingVpc, vpc = {}, kubernetesVersion = DEFAULT_KUBERNETES, autoMode = false } = eks;
  const { clusterName = "" } = eksArgs(eks, {}, stack);
  const zones = networkOf(region, vpc).availabilityZones;
  return {
    name: clusterName,
    clusterName,
    region,
    kubernetesVersion,
    vpcId: "",
    subnets: existingVpc?.subnets ?? zones.map((availabilityZone) => ({ availabilityZone, subnetId: "" })),
    clusterSecurityGroupId: "",
    nodeRoleArn: "",
    nodeRoleName: "",
    autoMode,
  };
}

const samples = {
  region: "us-east-1",
  existingVpc: { vpcId: "unreadable", subnets: [{ availabilityZone: "unreadable", subnetId: "unreadable" }] },
  accessEntries: [{ entryName: "unreadable", principalArn: "arn:aws:iam::123456789012:role/unreadable" }],
};
