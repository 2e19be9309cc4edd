import {
  checkDnsLabel,
  checkEnum,
  checkLabelKey,
  checkLabelValue,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
} from "../internal";
import {
  AmiFamily,
  amiTypeOf,
  type Architecture,
  CAPACITY_TYPE_LABEL,
  CapacityType,
  EFA_LABEL,
  GPU_MODEL_LABEL,
  GPU_PRESENT_LABEL,
  nodeImageProblem,
  parseAmiType,
  POOL_LABEL,
  type PoolShape,
} from "../model";
import type { EksFacts } from "./eks-facts";
import { defaultBackEnd, PoolBackEnd } from "./node-back-ends";
import { checkScale, type PoolScale } from "./pool-scale";

/** The part of their arguments that all node pools share. */
export interface NodePoolArgs {
  /** Name of the pool, a DNS label; the component's name by default. Nodes are named after it. */
  poolName?: string;
  /** How the machines are bought; `on-demand` by default, as only that is never taken away. */
  capacityType?: CapacityType;
  /** Labels on every node, beside those the pool sets itself. */
  labels?: Record<string, string>;
  /** Cluster on EKS that the nodes join; none by default, for the embedded cluster. */
  eks?: EksFacts;
  /** What makes the nodes: where `eks` is given `auto` in Auto Mode, else `managed`; without it `simulated`. */
  backEnd?: PoolBackEnd;
  /** Zones that nodes may be in, out of those of the cluster's subnets; all of these by default. */
  availabilityZones?: string[];
  /** Operating system of the nodes; `al2023` by default. Not for the back end `auto`, which brings its own. */
  amiFamily?: AmiFamily;
  /**
   * EKS's own name of the image class, for example `AL2023_x86_64_NVIDIA`. Derived from family and instance type by
   * default; if given, it must be right for them.
   */
  amiType?: string;
  /**
   * Exact release of the image, for example `1.35.3-20260714` for a managed group or `v20260714` for Karpenter. By default
   * a managed group takes the newest one when it is made, and Karpenter the newest there is.
   */
  amiVersion?: string;
  /** Size of the encrypted root volume in GiB, from 50 to 16384; 100 by default, as images with CUDA are large. */
  rootVolumeGib?: number;
}

/** Size of root volumes where nothing else is asked for. */
const DEFAULT_ROOT_VOLUME_GIB = 100;

/** Region whose prices are taken where a pool is on no cluster of EKS. */
const DEFAULT_REGION = "us-east-1";

/** What the checks of the shared arguments need of a pool's machines. */
export interface PoolMachines {
  /** Instance types, the first choice first; none where they could not be told. */
  instanceTypes: string[];
  architecture: Architecture;
  accelerated: boolean;
}

/** Keys of labels that pools and their back ends set, and that users therefore must not. */
const ownLabels = [
  POOL_LABEL,
  CAPACITY_TYPE_LABEL,
  GPU_MODEL_LABEL,
  GPU_PRESENT_LABEL,
  EFA_LABEL,
  "node.kubernetes.io/instance-type",
  "kubernetes.io/arch",
  "kubernetes.io/hostname",
  "kubernetes.io/os",
];

/** Labels that every pool sets on its nodes itself. */
export function poolLabels(shape: Omit<PoolShape, "labels">): Record<string, string> {
  return {
    [POOL_LABEL]: shape.name,
    [CAPACITY_TYPE_LABEL]: shape.capacityType,
    ...(shape.instanceTypes.length === 1 ? { "node.kubernetes.io/instance-type": shape.instanceType } : {}),
    "kubernetes.io/arch": shape.architecture,
    "kubernetes.io/os": "linux",
  };
}

/** What makes the nodes of a pool with these arguments. */
export function backEndOf({ backEnd, eks }: NodePoolArgs): PoolBackEnd {
  return backEnd ?? defaultBackEnd(eks);
}

/** Zones that the nodes of a pool may be in; none where there is nothing to choose from. */
export function zonesOf({ availabilityZones, eks }: NodePoolArgs): string[] {
  return availabilityZones ?? [...new Set(eks?.subnets.map((subnet) => subnet.availabilityZone))];
}

/** Region whose prices a pool's nodes have; where a pool is on no cluster of EKS, the one with the most types. */
export function regionOf({ eks }: NodePoolArgs): string {
  return eks?.region ?? DEFAULT_REGION;
}

/** Size of a pool's root volumes in GiB. */
export function rootVolumeOf({ rootVolumeGib = DEFAULT_ROOT_VOLUME_GIB }: NodePoolArgs): number {
  return rootVolumeGib;
}

/** Operating system of a pool's nodes; the choice of EKS where that is Auto Mode's. */
export function amiFamilyOf(args: NodePoolArgs): AmiFamily {
  if (backEndOf(args) === PoolBackEnd.auto) return AmiFamily.bottlerocket;
  return args.amiFamily ?? parseAmiType(args.amiType ?? "")?.family ?? AmiFamily.al2023;
}

/** Checks what all node pools share; `leastNodes` is the smallest minNodes that makes sense for the pool. */
export function checkNodePool(
  name: string,
  args: NodePoolArgs,
  scale: PoolScale,
  leastNodes: number,
  machines: PoolMachines,
): InputProblem[] {
  const poolName = args.poolName ?? name;
  return [
    ...checkDnsLabel("poolName", poolName),
    ...checkNodeName(poolName, scale.maxNodes, args),
    ...checkComponentName(name, args),
    ...checkScale(scale, leastNodes),
    ...checkEnum("capacityType", args.capacityType, CapacityType),
    ...checkBackEnd(args),
    ...checkZones(args),
    ...checkImage(args, machines),
    ...checkWholeNumber("rootVolumeGib", args.rootVolumeGib, { min: 50, max: 16_384 }),
    ...checkLabels(args),
  ];
}

function checkBackEnd(args: NodePoolArgs): InputProblem[] {
  const { eks, backEnd } = args;
  const unknown = checkEnum("backEnd", backEnd, PoolBackEnd);
  if (unknown.length > 0) return unknown;
  const isSimulated = backEndOf(args) === PoolBackEnd.simulated;
  if (isSimulated && eks !== undefined) {
    const remedy = "Remove backEnd, or eks where the cluster is the embedded one.";
    return [inputProblem("backEnd", backEnd, "managed, karpenter, auto for a cluster on EKS", remedy)];
  }
  if (!isSimulated && eks === undefined) {
    return [
      inputProblem("eks", eks, `the facts of a cluster on EKS`, `The back end ${backEnd} needs one: pass cluster.eks.`),
    ];
  }
  return isSimulated ? [] : checkMode(args);
}

/** The nodes of Auto Mode bring networking and DNS, which a cluster in Auto Mode therefore has for no others. */
function checkMode(args: NodePoolArgs): InputProblem[] {
  const isAuto = args.eks?.autoMode === true;
  const backEnd = backEndOf(args);
  if (isAuto === (backEnd === PoolBackEnd.auto)) return [];
  return isAuto
    ? [
        inputProblem(
          "backEnd",
          backEnd,
          "auto where Auto Mode is on",
          "Remove it, or turn autoMode off for the cluster.",
        ),
      ]
    : [
        inputProblem(
          "backEnd",
          backEnd,
          "managed, karpenter where Auto Mode is off",
          "Turn autoMode on for the cluster, or choose another back end.",
        ),
      ];
}

function checkZones({ availabilityZones, eks }: NodePoolArgs): InputProblem[] {
  if (availabilityZones === undefined) return [];
  const known = zonesOf(eks === undefined ? {} : { eks });
  if (availabilityZones.length === 0) {
    return [inputProblem("availabilityZones", [], "at least one zone", "Name zones, or leave it out for all of them.")];
  }
  return availabilityZones.flatMap((zone, index) => {
    const at = `availabilityZones[${index}]`;
    if (availabilityZones.indexOf(zone) < index) return [inputProblem(at, zone, "each zone once", "Remove one.")];
    if (eks === undefined || known.includes(zone)) return [];
    return [inputProblem(at, zone, known.join(", "), "Choose a zone that the cluster has a subnet in.")];
  });
}

function checkImage(args: NodePoolArgs, machines: PoolMachines): InputProblem[] {
  const { amiFamily, amiType } = args;
  const isAuto = backEndOf(args) === PoolBackEnd.auto;
  const own = Object.entries({ amiFamily, amiType, amiVersion: args.amiVersion }).filter(
    ([, given]) => given !== undefined,
  );
  if (isAuto && own.length > 0) {
    const allowed = "nothing, as EKS Auto Mode brings its own image";
    return own.map(([path, given]) => inputProblem(path, given, allowed, "Remove it, or choose another back end."));
  }
  const misspelt = checkEnum("amiFamily", amiFamily, AmiFamily);
  if (misspelt.length > 0) return misspelt;
  return [...checkAmiType(args, machines), ...checkFamilySupport(args, machines), ...checkAmiVersion(args)];
}

function checkAmiType(args: NodePoolArgs, { instanceTypes, architecture, accelerated }: PoolMachines): InputProblem[] {
  const { amiType } = args;
  const [instanceType] = instanceTypes;
  if (amiType === undefined || instanceType === undefined) return [];
  const right = amiTypeOf(amiFamilyOf(args), architecture, accelerated);
  if (amiType === right) return [];
  return [inputProblem("amiType", amiType, `${right} for ${instanceType}`, "Leave amiType out: it is derived.")];
}

interface VersionSpelling {
  pattern: RegExp;
  example: string;
}

const bottlerocketRelease = { pattern: /^\d+\.\d+\.\d+$/, example: "1.60.0" };

/**
 * How releases of images are spelt: EKS puts the version of Kubernetes before Amazon Linux's date, and a commit after
 * Bottlerocket's release.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/eks-linux-ami-versions.html (read 2026-11)
 * @see https://karpenter.sh/docs/concepts/nodeclasses/ "alias" (Karpenter 1.14)
 */
const versionSpellings: Partial<Record<PoolBackEnd, Record<AmiFamily, VersionSpelling>>> = {
  managed: {
    al2023: { pattern: /^1\.\d+\.\d+-\d{8}$/, example: "1.35.3-20260714" },
    bottlerocket: { pattern: /^\d+\.\d+\.\d+-[0-9a-f]{8}$/, example: "1.60.0-2fdc9ddb" },
  },
  karpenter: { al2023: { pattern: /^v\d{8}$/, example: "v20260714" }, bottlerocket: bottlerocketRelease },
};

function checkAmiVersion(args: NodePoolArgs): InputProblem[] {
  const { amiVersion } = args;
  const backEnd = backEndOf(args);
  const spelling = versionSpellings[backEnd]?.[amiFamilyOf(args)];
  if (amiVersion === undefined || spelling === undefined || spelling.pattern.test(amiVersion)) return [];
  const allowed = `a release of ${amiFamilyOf(args)} such as ${spelling.example} for the back end ${backEnd}`;
  return [inputProblem("amiVersion", amiVersion, allowed, "Spell it that way, or leave it out for the newest.")];
}

function checkFamilySupport(args: NodePoolArgs, { instanceTypes }: PoolMachines): InputProblem[] {
  if (backEndOf(args) === PoolBackEnd.simulated && args.amiFamily === undefined) return [];
  const family = amiFamilyOf(args);
  return instanceTypes.flatMap((instanceType) => {
    const problem = nodeImageProblem(instanceType, family);
    if (problem === undefined) return [];
    return [inputProblem("amiFamily", `${family} on ${instanceType}`, problem.allowed, problem.remedy)];
  });
}

function checkNodeName(poolName: string, maxNodes: number, args: NodePoolArgs): InputProblem[] {
  const lastNode = `${poolName}-${maxNodes - 1}`;
  const isSimulated = backEndOf(args) === PoolBackEnd.simulated;
  if (!isSimulated || poolName.length > 63 || lastNode.length <= 63) return [];
  const allowed = `at most ${63 - (lastNode.length - poolName.length)} characters, as nodes are named ${poolName}-0`;
  return [inputProblem("poolName", poolName, allowed, "Shorten it.")];
}

/**
 * Most characters of a component's name, after which AWS's resources are named with a suffix that Pulumi adds to.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html (63 characters; read 2026-11)
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (64 characters; read 2026-11)
 */
const longestNames: Record<PoolBackEnd, number> = { simulated: Infinity, managed: 49, karpenter: Infinity, auto: 46 };

function checkComponentName(name: string, args: NodePoolArgs): InputProblem[] {
  const longest = longestNames[backEndOf(args)];
  if (longest === undefined || name.length <= longest) return [];
  const allowed = `at most ${longest} characters for the back end ${backEndOf(args)}, as AWS's resources are named after it`;
  return [inputProblem("name", name, allowed, "Shorten the component's name, and give the pool its own as poolName.")];
}

function checkLabels(args: NodePoolArgs): InputProblem[] {
  return Object.entries(args.labels ?? {}).flatMap(([key, value]) => {
    const at = `labels["${key}"]`;
    if (ownLabels.includes(key)) {
      return [inputProblem(at, value, "only what the pool itself sets there", "Remove the label.")];
    }
    const problems = [...checkLabelKey(at, key), ...checkLabelValue(at, value), ...checkLabelDomain(args, at, key)];
    return problems.length > 0 ? problems : checkManagedLabel(args, at, key, value);
  });
}

/**
 * Domains, and all below them, that EKS, the kubelet or Karpenter keep to themselves.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html "labels" (read 2026-11)
 * @see https://karpenter.sh/docs/concepts/nodepools/ "spec.template.metadata.labels" (Karpenter 1.14)
 */
const reservedDomains = ["kubernetes.io", "k8s.io", "eks.amazonaws.com", "karpenter.sh", "karpenter.k8s.aws"];

function checkLabelDomain(args: NodePoolArgs, at: string, key: string): InputProblem[] {
  const [domain = ""] = key.split("/");
  const reserved = reservedDomains.find((each) => domain === each || domain.endsWith(`.${each}`));
  if (reserved === undefined || !key.includes("/") || backEndOf(args) === PoolBackEnd.simulated) return [];
  const allowed = `a key outside ${reservedDomains.join(", ")}`;
  return [inputProblem(at, key, allowed, `Nodes may not be given labels of ${reserved}; use a domain of your own.`)];
}

/**
 * EKS takes less as a label of a managed group than Kubernetes does of a node.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html "labels" (read 2026-11)
 */
function checkManagedLabel(args: NodePoolArgs, at: string, key: string, value: string): InputProblem[] {
  if (backEndOf(args) !== PoolBackEnd.managed || (key.length <= 63 && value !== "")) return [];
  const allowed =
    "a key of at most 63 characters with its prefix and a value that is not empty, as EKS demands of managed groups";
  return [inputProblem(at, value, allowed, "Shorten the key, or write a value.")];
}
