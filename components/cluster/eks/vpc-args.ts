import { checkEnum, type InputProblem, inputProblem } from "../../internal";
import { AwsPartition, awsRegion, nearestAwsRegion } from "../../model";
import { checkLogRetention } from "./log-retention";
import { parseIpv4Block, ZONE_LETTERS } from "./subnets";

/** How many NAT gateways lead from the private subnets to the internet. */
export const NatGateways = {
  /** One for all zones: cheap; where its zone fails, no node reaches the internet. */
  one: "one",
  /** One in each zone: a zone that fails takes no other with it, and traffic stays in its zone. */
  onePerZone: "one-per-zone",
  /** None, and no public subnets either: nodes reach AWS through interface endpoints alone. */
  none: "none",
} as const;
/** How many NAT gateways lead from the private subnets to the internet. */
export type NatGateways = (typeof NatGateways)[keyof typeof NatGateways];

/** Record of who talked to whom in a VPC. */
export interface FlowLogsArgs {
  /** Days that the record is kept, one of the periods of CloudWatch Logs; 90 by default. */
  retentionDays?: number;
}

/** The part of a VPC that a cluster leaves to its user. */
export interface NetworkArgs {
  /**
   * Block of the VPC, from /16 to /20; `10.0.0.0/16` by default. Nodes and pods take their addresses from it, and it
   * cannot be changed later.
   */
  cidr?: string;
  /** Zones to have subnets in, 2 to 6; the first three of the region by default, or two where it has no more. */
  availabilityZones?: string[];
  /** NAT gateways; one by default. Choose one per zone for production. */
  natGateways?: NatGateways;
  /**
   * AWS services that nodes reach without leaving the VPC, for example `ecr.api`; each costs by the hour and zone. None by
   * default, and {@link PRIVATE_NODE_SERVICES} where there is no NAT gateway. S3 is always reached so, at no cost.
   */
  interfaceEndpoints?: string[];
  /** Record of the traffic; none by default. */
  flowLogs?: FlowLogsArgs;
}

/** What a {@link Vpc} is made from. */
export interface VpcArgs extends NetworkArgs {
  /** AWS region, which must be that of the AWS provider. */
  region: string;
  /** Cluster whose load balancers and nodes find the subnets by their tags; none by default. */
  clusterName?: string;
  /** Tags of everything in the VPC. */
  tags?: Record<string, string>;
}

/** Network settings with their defaults filled in. */
export type Network = Required<Omit<NetworkArgs, "flowLogs">> & Pick<NetworkArgs, "flowLogs">;

/**
 * Services that nodes, their controllers and the control plane need where there is no way to the internet.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html (read 2026-08)
 * @see https://karpenter.sh/v1.14/getting-started/getting-started-with-karpenter/ "Private Clusters" (ssm, sqs)
 */
export const PRIVATE_NODE_SERVICES: string[] = [
  "autoscaling",
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticloadbalancing",
  "logs",
  "sqs",
  "ssm",
  "sts",
];

const DEFAULT_CIDR = "10.0.0.0/16";
const DEFAULT_ZONES = 3;

/** The network settings with their defaults filled in. */
export function networkOf(region: string, args: NetworkArgs): Network {
  const natGateways = args.natGateways ?? NatGateways.one;
  return {
    ...args,
    cidr: args.cidr ?? DEFAULT_CIDR,
    availabilityZones: args.availabilityZones ?? awsRegion(region)?.zones.slice(0, DEFAULT_ZONES) ?? [],
    natGateways,
    interfaceEndpoints: args.interfaceEndpoints ?? (natGateways === NatGateways.none ? PRIVATE_NODE_SERVICES : []),
  };
}

/** Checks the inputs of a VPC. */
export function validateVpc(_name: string, args: VpcArgs): InputProblem[] {
  return [...checkRegion("region", args.region), ...checkNetwork("", args.region, args)];
}

/** Checks that a region is one that clusters can be in. */
export function checkRegion(path: string, region: string): InputProblem[] {
  if (awsRegion(region) !== undefined) return [];
  const remedy = `Did you mean "${nearestAwsRegion(region)}"?`;
  return [inputProblem(path, region, "an AWS region with EKS and GPUs", remedy)];
}

/** Checks network settings, whose paths begin with `prefix`. */
export function checkNetwork(prefix: string, region: string, args: NetworkArgs): InputProblem[] {
  const { interfaceEndpoints } = networkOf(region, args);
  return [
    ...checkCidr(`${prefix}cidr`, args.cidr),
    ...checkZones(`${prefix}availabilityZones`, region, args.availabilityZones),
    ...checkEnum(`${prefix}natGateways`, args.natGateways, NatGateways),
    ...checkEndpoints(`${prefix}interfaceEndpoints`, region, args.natGateways, interfaceEndpoints),
    ...checkLogRetention(`${prefix}flowLogs.retentionDays`, args.flowLogs?.retentionDays),
  ];
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html (read 2026-08): a VPC is at most a /16 */
function checkCidr(path: string, cidr: string | undefined): InputProblem[] {
  const prefix = parseIpv4Block(cidr ?? DEFAULT_CIDR)?.prefix ?? 0;
  if (prefix >= 16 && prefix <= 20) return [];
  const remedy = "Pods take addresses too, so less than a /20 does not last; begin at the block's first address.";
  return [inputProblem(path, cidr, "an IPv4 block from /16 to /20, such as 10.0.0.0/16", remedy)];
}

function checkZones(path: string, region: string, zones: string[] | undefined): InputProblem[] {
  if (zones === undefined) return [];
  const known = ZONE_LETTERS.map((letter) => `${region}${letter}`);
  const allowed = `2 to ${known.length} different zones of ${region}, from ${known[0]!} to ${known.at(-1)!}`;
  const differ = new Set(zones).size === zones.length;
  if (differ && zones.length >= 2 && zones.every((zone) => known.includes(zone))) return [];
  return [inputProblem(path, zones, allowed, "EKS wants its subnets in at least two zones; name each once.")];
}

function checkEndpoints(
  path: string,
  region: string,
  natGateways: NatGateways | undefined,
  services: string[],
): InputProblem[] {
  if (services.length > 0 && awsRegion(region)?.partition === AwsPartition.china) {
    const remedy = "Endpoints of this partition do not follow one scheme of names; use a NAT gateway, or bring a VPC.";
    return [inputProblem(path, services, `none in ${region}`, remedy)];
  }
  const misspelt = services.filter((service, index) => {
    return !/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(service) || service === "s3" || services.indexOf(service) !== index;
  });
  if (misspelt.length > 0) {
    const allowed = "names of AWS services such as ecr.api, each once and without s3";
    return [inputProblem(path, misspelt, allowed, "Correct or remove these.")];
  }
  const missing = PRIVATE_NODE_SERVICES.filter((service) => !services.includes(service));
  if (natGateways !== NatGateways.none || missing.length === 0) return [];
  const remedy = `Without a NAT gateway nodes reach these only so: add ${missing.join(", ")}.`;
  return [inputProblem(path, services, "at least what nodes need", remedy)];
}
