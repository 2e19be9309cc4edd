import { awsRegion, cataloguedMachine, INSTANCE_LABELS, isUnknown, nodeAt, stringAt } from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { KARPENTER_POOL_TYPE, NODE_GROUP_TYPE, NODE_TYPE, type PoolSource } from "./pool-source";
import { requirementLabels } from "./requirement-labels";

/** Labels of the nodes of a pool. */
export interface NodeLabels {
  /** Those that every node has, without those of its zone and its name. */
  labels: Record<string, string>;
  /**
   * Labels that nodes may have with any value beside those: keys, and beginnings of keys that end in a slash or a dot;
   * the empty text stands for all.
   */
  open: string[];
  /** Whether the cloud tells the nodes their zone and region. */
  isZoned: boolean;
}

/** Labels that drivers and finders of features put on machines, never on nodes that are simulated. */
const FOUND = ["feature.node.kubernetes.io/"];
const FOUND_ON_GPUS = ["nvidia.com/"];

/** What the cloud provider of AWS tells of each machine. @see https://github.com/kubernetes/cloud-provider-aws v1.36 */
const CLOUD_LABELS = ["topology.k8s.aws/", "k8s.io/cloud-provider-aws"];

/** Where nodes are. */
const ZONE_LABELS = [
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "topology.ebs.csi.aws.com/zone",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
];

/** What nodes may have of whatever starts them, where it is not told what that is. */
const MAKER_LABELS = ["eks.amazonaws.com/", "karpenter.sh/", "karpenter.k8s.aws/"];

/** What EKS and Karpenter add to nodes without telling before. */
const GROUP_LABELS = [
  "eks.amazonaws.com/nodegroup-image",
  "eks.amazonaws.com/sourceLaunchTemplateId",
  "eks.amazonaws.com/sourceLaunchTemplateVersion",
];

/**
 * Labels of nodes: those that are declared, and those that the kubelet, the cloud and whatever starts the machines add.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/ (v1.36)
 */
export function nodeLabelsOf(source: PoolSource): NodeLabels {
  const [maker] = source.makers;
  const declared = declaredLabels(source);
  if (maker?.type === NODE_TYPE) return { ...withBetaLabels(declared), isZoned: false };
  const made = maker === undefined ? NOTHING : (BY_MAKER.get(maker.type)?.(maker, source) ?? NOTHING);
  const machine = machineLabels(source);
  const { labels, open } = withBetaLabels({
    labels: { ...machine.labels, ...made.labels, ...declared.labels },
    open: [
      ...declared.open,
      ...machine.open,
      ...made.open,
      ...FOUND,
      ...CLOUD_LABELS,
      ...ZONE_LABELS,
      ...(maker === undefined ? MAKER_LABELS : []),
    ],
  });
  const gpus = source.shape.gpuResource === undefined && source.shape.gpusPerNode === 0 ? [] : FOUND_ON_GPUS;
  return { labels, open: [...new Set([...open, ...gpus])], isZoned: true };
}

/**
 * Labels of the zone and region of a node, with their older spellings and the one by which the driver of EBS knows the
 * zone.
 */
export function zoneLabels(zone: string): Record<string, string> {
  if (zone === "") return {};
  const region = awsRegion(zone.slice(0, -1))?.name;
  const ofRegion = ["topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"];
  const ofZone = ZONE_LABELS.filter((key) => !ofRegion.includes(key));
  return {
    ...Object.fromEntries(ofZone.map((key) => [key, zone])),
    ...(region === undefined ? {} : Object.fromEntries(ofRegion.map((key) => [key, region]))),
  };
}

type Labels = Pick<NodeLabels, "labels" | "open">;

const NOTHING: Labels = { labels: {}, open: [] };

const BY_MAKER = new Map<string, (maker: PlannedResource, source: PoolSource) => Labels>([
  [NODE_GROUP_TYPE, nodeGroupLabels],
  [KARPENTER_POOL_TYPE, karpenterLabels],
]);

function declaredLabels({ shape: { labels } }: PoolSource): Labels {
  if (isUnknown(labels)) return { labels: {}, open: [""] };
  const entries = Object.entries(labels ?? {});
  const isTold = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === "string";
  return {
    labels: Object.fromEntries(entries.filter(isTold)),
    open: entries.filter((entry) => !isTold(entry)).map(([key]) => key),
  };
}

/** What follows from the machine; of several types only what they have in common. */
function machineLabels({ shape }: PoolSource): Labels {
  const { architecture, instanceTypes } = shape;
  const types = isUnknown(instanceTypes) || instanceTypes === undefined ? [] : instanceTypes;
  const [type] = types;
  const isOne = types.length === 1 && typeof type === "string";
  const arch = typeof architecture === "string" ? architecture : undefined;
  return {
    labels: {
      "kubernetes.io/os": "linux",
      ...(arch === undefined ? {} : { "kubernetes.io/arch": arch }),
      ...(isOne ? { "node.kubernetes.io/instance-type": type, "beta.kubernetes.io/instance-type": type } : {}),
    },
    open: [
      ...(arch === undefined ? ["kubernetes.io/arch"] : []),
      ...(isOne ? [] : ["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"]),
    ],
  };
}

/** The kubelet and the node controller keep the old names of the same labels. */
function withBetaLabels({ labels, open }: Labels): Labels {
  const old: Record<string, string> = {};
  const oldOpen: string[] = [];
  for (const key of ["kubernetes.io/os", "kubernetes.io/arch"]) {
    if (labels[key] !== undefined) old[`beta.${key}`] = labels[key];
    if (open.includes(key)) oldOpen.push(`beta.${key}`);
  }
  return { labels: { ...old, ...labels }, open: [...open, ...oldOpen] };
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html (read 2026-11) */
function nodeGroupLabels({ properties }: PlannedResource): Labels {
  const [name, capacityType] = [stringAt(properties, "nodeGroupName"), stringAt(properties, "capacityType")];
  return {
    labels: {
      ...(name === undefined ? {} : { "eks.amazonaws.com/nodegroup": name }),
      ...(isUnknown(properties.capacityType) ? {} : { "eks.amazonaws.com/capacityType": capacityType ?? "ON_DEMAND" }),
    },
    open: [
      ...(name === undefined ? ["eks.amazonaws.com/nodegroup"] : []),
      ...(isUnknown(properties.capacityType) ? ["eks.amazonaws.com/capacityType"] : []),
      ...GROUP_LABELS,
    ],
  };
}

/** @see https://karpenter.sh/docs/concepts/scheduling/#well-known-labels (Karpenter 1.14) */
function karpenterLabels(pool: PlannedResource, { shape }: PoolSource): Labels {
  const template = nodeAt(pool.properties, "spec.template");
  const reference = nodeAt(template, "spec.nodeClassRef");
  const [group, className] = [stringAt(reference, "group"), stringAt(reference, "name")];
  const isAuto = group === "eks.amazonaws.com";
  const prefix = isAuto ? "eks.amazonaws.com" : "karpenter.k8s.aws";
  const name = stringAt(nodeAt(pool.properties, "metadata"), "name");
  const machine = instanceLabels(shape.instanceTypes, prefix);
  const required = requirementLabels(nodeAt(template, "spec.requirements"), [
    "node.kubernetes.io/instance-type",
    "kubernetes.io/arch",
    "kubernetes.io/os",
    "topology.kubernetes.io/zone",
  ]);
  return {
    labels: {
      ...required.labels,
      ...machine.labels,
      ...(name === undefined ? {} : { "karpenter.sh/nodepool": name }),
      ...(className === undefined ? {} : { [`${prefix}/${isAuto ? "nodeclass" : "ec2nodeclass"}`]: className }),
      ...(isAuto ? { "eks.amazonaws.com/compute-type": "auto" } : {}),
      "karpenter.sh/registered": "true",
      "karpenter.sh/initialized": "true",
    },
    open: [
      ...required.open,
      ...machine.open,
      ...(name === undefined ? ["karpenter.sh/nodepool"] : []),
      "karpenter.sh/capacity-type",
    ],
  };
}

/** What it says beside that, which no catalogue here knows. */
const OTHER_INSTANCE_LABELS = [
  "instance-hypervisor",
  "instance-encryption-in-transit-supported",
  "instance-cpu-manufacturer",
  "instance-cpu-sustained-clock-speed-mhz",
  "instance-ebs-bandwidth",
  "instance-network-bandwidth",
  "instance-capability-flex",
  "instance-tenancy",
];

/** Labels in which all the types agree; those in which they differ are open, and all are where a type is not known. */
function instanceLabels(types: PoolSource["shape"]["instanceTypes"], prefix: string): Labels {
  const names = isUnknown(types) || types === undefined ? [] : types;
  const machines = names.map((name) => (isUnknown(name) ? undefined : cataloguedMachine(name)));
  if (machines.length === 0 || machines.includes(undefined)) return { labels: {}, open: [`${prefix}/`] };
  const values = [...INSTANCE_LABELS].map(([label, valueOf]): [string, Set<string | undefined>] => [
    `${prefix}/${label}`,
    new Set(machines.map((machine) => valueOf(machine!))),
  ]);
  const agreed = values.filter(([, distinct]) => distinct.size === 1);
  return {
    labels: Object.fromEntries(
      agreed.flatMap(([label, [value]]) => (value === undefined ? [] : [[label, value] as const])),
    ),
    open: [
      ...values.filter(([, distinct]) => distinct.size > 1).map(([label]) => label),
      ...OTHER_INSTANCE_LABELS.map((label) => `${prefix}/${label}`),
    ],
  };
}
