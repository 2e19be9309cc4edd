import type * as pulumi from "@pulumi/pulumi";
import { ClusterKind, type EksAddOnsArgs, type EksFacts, validateCluster, validateEksAddOns } from "../../components";
import { networkOf } from "../../components/cluster/eks/vpc-args";
import { awsRegion, DEFAULT_KUBERNETES } from "../../components/model";
import { fromInputs } from "./component-problems";
import { type ConfigDraft, isRelated, mended } from "./draft";
import { CONFIG_NAMESPACE, type ConfigProblem, configPath, dotted } from "./problem";
import type { Config } from "./schema";
import type { EksConfig } from "./schema-cluster";
import { checkTags, eksArgs } from "./tags";

/** What the configuration of a cluster on EKS says, and what is wrong with it. */
export interface EksReading {
  problems: ConfigProblem[];
  /**
   * What is known of the cluster before it is there, for the checks of what stands on it; undefined for other clusters, and
   * where its region, zones or mode cannot be told.
   */
  facts: EksFacts | undefined;
}

type ClusterConfig = Config["cluster"];
type Tags = NonNullable<Config["tags"]>;

const eksPath = (key: string) => configPath(["cluster", "eks", key]);

/** Keys that decide about zones. */
const zoneKeys = ["vpc", "existingVpc"].map(eksPath);

/** Reads what a configuration says of a cluster on EKS, its tags included. */
export function readEks({ cluster, tags: tagDraft }: ConfigDraft, stack: string): EksReading {
  if (cluster?.kind !== ClusterKind.eks) return { problems: [], facts: undefined };
  const { value, faults } = mended<ClusterConfig>(["cluster"], cluster, { eks: samples });
  const tags = mended<Tags>(["tags"], tagDraft ?? {}, {});
  const args = value.eks && { eks: eksArgs(value.eks, tags.value, stack) };
  const found = validateCluster("", { kind: ClusterKind.eks, ...args });
  const problems = [...found.flatMap(inConfig), ...checkTags(tags.value)];
  // Without a region there is no telling which zones it has.
  const hasRegion = awsRegion(value.eks?.region ?? "") !== undefined && !faults.includes(eksPath("region"));
  const doubtful = [...faults, ...tags.faults, ...(hasRegion ? [] : zoneKeys)];
  const certain = problems.filter(({ path }) => !isRelated(path, doubtful));
  const unsound = [...faults, ...certain.map(({ path }) => path)];
  const isTold = hasRegion && [...zoneKeys, eksPath("autoMode")].every((key) => !isRelated(key, unsound));
  return { problems: certain, facts: isTold ? plannedFacts(value.eks!, stack) : undefined };
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

function inConfig(problem: pulumi.InputPropertyErrorDetails): ConfigProblem[] {
  const { propertyPath, reason } = problem;
  if (!propertyPath.startsWith(TAGS_INPUT)) return fromInputs(["cluster"], [problem]);
  const path = `${CONFIG_NAMESPACE}:${dotted(propertyPath.replace(TAGS_INPUT, "tags"))}`;
  return [{ path, text: path + reason.slice(propertyPath.length) }];
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
