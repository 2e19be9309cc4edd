import {
  CAPACITY_TYPE_LABEL,
  GPU_MODEL_LABEL,
  POOL_LABEL,
  arrayAt,
  childAt,
  gpuInstanceType,
  isTreeObject,
  isUnknown,
  nodeAt,
  poolShapeOf,
  stringAt,
  UNKNOWN,
  type Told,
  type ToldPoolShape,
  type Tree,
  type Unknown,
} from "../../../components/model";
import type { Subject } from "../../engine/subject";

/** The nodes that one resource of a stack stands for: a pool, or a number of equal nodes. */
export interface StackPool {
  subject: Subject;
  shape: ToldPoolShape;
  /** How many resources of the stack say the same; more than 1 for equal nodes. */
  times: number;
}

/** All pools that a stack declares. */
export interface StackPools {
  pools: StackPool[];
  /** Keys of labels that at least one pool declares: a pool that does not is taken not to have them. */
  declaredKeys: ReadonlySet<string>;
  /** The stack makes nodes by resources that tell nothing of their labels here, so that no label can be missed. */
  isOpen: boolean;
}

/**
 * What nodes of a pool have under a label: the values that they may have, none, or whatever somebody else puts there
 * (`open`), such as a controller that finds features of the machine.
 */
export type Offer = Told<string>[] | "open" | Unknown;

const NODE = "kubernetes:core/v1:Node";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const KARPENTER_POOL = "kubernetes:karpenter.sh/v1:NodePool";

/**
 * Types of resources that make nodes of which the pools here do not tell. Tags and schedules of an Auto Scaling group,
 * which may be that of a managed node group, make none.
 */
const OPEN_TYPES =
  /^(eks:index:|aws:autoscaling\/group:|aws:eks\/fargateProfile:|azure[\w-]*:containerservice|gcp:container\/|kubernetes:karpenter\.sh\/v1beta1:NodePool$)/;

/** Labels of nodes that differ from node to node and select none by what it offers. */
const OF_ONE_NODE = "kubernetes.io/hostname";

/** Pools of stacks that were asked for before: most rules about stacks read those of the same one. */
const STACKS = new WeakMap<readonly Subject[], StackPools>();

/** Reads the pools of a stack; equal nodes are one pool, so that thousands of them cost no more than a few. */
export function stackPoolsOf(subjects: readonly Subject[]): StackPools {
  const stack = STACKS.get(subjects) ?? readPools(subjects);
  STACKS.set(subjects, stack);
  return stack;
}

function readPools(subjects: readonly Subject[]): StackPools {
  const pools = new Map<string, StackPool>();
  for (const subject of subjects) {
    const shape = poolShapeOf({ type: subject.type, properties: subject.tree });
    if (shape === undefined) continue;
    const key = subject.type === NODE ? keyOf(shape) : subject.urn;
    const same = pools.get(key);
    pools.set(key, { subject, shape, ...same, times: (same?.times ?? 0) + 1 });
  }
  const all = [...pools.values()];
  return { pools: all, declaredKeys: new Set(all.flatMap(keysOf)), isOpen: subjects.some(isOpen) };
}

/** What the nodes of a pool have under a label. */
export function offerOf({ subject, shape }: StackPool, key: string, declaredKeys: ReadonlySet<string>): Offer {
  const { labels } = shape;
  if (isUnknown(labels)) return UNKNOWN;
  const declared = labels?.[key];
  if (declared !== undefined) return [declared];
  const followed = FOLLOWING.get(key)?.(shape) ?? karpenterOffer(key, subject, shape);
  if (followed !== undefined) return isUnknown(followed) ? UNKNOWN : followed;
  return declaredKeys.has(key) && labelsAreListed(subject) ? [] : "open";
}

/** How messages name pools, as plans do; a few of them, as of thousands a number says enough. */
export function poolTitles(pools: readonly StackPool[]): string {
  const titles = [...new Set(pools.map(poolName))];
  const shown = titles.slice(0, 5).join(", ");
  const more = titles.length > 5 ? ` and ${titles.length - 5} more` : "";
  return `${titles.length === 1 ? "pool" : "pools"} ${shown}${more}`;
}

/** By its label, or as the object is called that makes its nodes. */
function poolName({ subject, shape: { name } }: StackPool): string {
  if (typeof name === "string" && name !== "") return name;
  return stringAt(childAt(subject.tree, "metadata"), "name") ?? subject.name;
}

/** Models of the GPUs that nodes of a pool may have; undefined where nothing is said of them. */
export function gpuModelsOf({ gpuModel, instanceTypes }: ToldPoolShape): Told<string>[] | undefined {
  if (gpuModel !== undefined) return [gpuModel];
  if (instanceTypes === undefined) return undefined;
  if (isUnknown(instanceTypes)) return [UNKNOWN];
  return instanceTypes.flatMap((type): Told<string>[] => {
    if (isUnknown(type)) return [UNKNOWN];
    const model = gpuInstanceType(type)?.gpuModel;
    return model === undefined ? [] : [model];
  });
}

/** Labels whose values follow from what a pool says of its machines. */
const FOLLOWING = new Map<string, (shape: ToldPoolShape) => Offer | undefined>([
  ["node.kubernetes.io/instance-type", ({ instanceTypes }) => instanceTypes],
  ["kubernetes.io/arch", ({ architecture }) => listed(architecture)],
  ["topology.kubernetes.io/zone", ({ availabilityZones }) => (isEmpty(availabilityZones) ? "open" : availabilityZones)],
  [POOL_LABEL, ({ name }) => listed(name)],
  [GPU_MODEL_LABEL, ({ gpuModel }) => listed(gpuModel)],
  [CAPACITY_TYPE_LABEL, ({ capacityType }) => listed(capacityType)],
]);

/** What Karpenter and EKS Auto Mode know of a machine's type. */
const KARPENTER_FEATURES = new Map<string, (instanceType: string) => string | undefined>([
  ["instance-gpu-name", (type) => gpuInstanceType(type)?.gpuModel],
  ["instance-family", (type) => type.split(".")[0]],
]);

function karpenterOffer(key: string, subject: Subject, { instanceTypes }: ToldPoolShape): Offer | undefined {
  const [group = "", feature = ""] = key.split("/");
  const isKarpenters = group === "karpenter.sh" || group === "karpenter.k8s.aws";
  if (subject.type !== KARPENTER_POOL) return isKarpenters && subject.type === NODE_GROUP ? [] : undefined;
  const requirements = nodeAt(subject.tree, "spec.template.spec.requirements");
  if (isUnknown(requirements)) return UNKNOWN;
  const own = arrayAt({ requirements }, "requirements").filter((each) => childAt(each, "key") === key);
  const isOf = KARPENTER_FEATURES.get(feature);
  if (isOf !== undefined && instanceTypes !== undefined) {
    if (isUnknown(instanceTypes)) return UNKNOWN;
    return instanceTypes.map((type) => (isUnknown(type) ? UNKNOWN : (isOf(type) ?? "")));
  }
  if (own.length === 0) return undefined;
  return own.every((each) => stringAt(each, "operator") === "In") ? own.flatMap(valuesOf) : "open";
}

function valuesOf(requirement: Tree): Told<string>[] {
  const values = childAt(requirement, "values");
  if (isUnknown(values)) return [UNKNOWN];
  return arrayAt(requirement, "values").filter((value): value is Told<string> => isUnknown(value) || isText(value));
}

/** Nodes, node groups and NodePools list the labels of their nodes; a component adds to what its arguments say. */
function labelsAreListed({ type, tree }: Subject): boolean {
  return type === NODE || type === NODE_GROUP || type === KARPENTER_POOL || childAt(tree, "shape") !== undefined;
}

function keysOf({ shape }: StackPool): string[] {
  const labels = isTreeObject(shape.labels) ? Object.keys(shape.labels) : [];
  return [...labels, ...(shape.name === undefined ? [] : [POOL_LABEL])];
}

function isOpen(subject: Subject): boolean {
  const { type, tree } = subject;
  // Auto Mode has pools of its own, which no resource declares.
  const builtIn = type === "aws:eks/cluster:Cluster" ? nodeAt(tree, "computeConfig.nodePools") : undefined;
  const isFilled = isUnknown(builtIn) || (Array.isArray(builtIn) && builtIn.length > 0);
  return isFilled || (OPEN_TYPES.test(type) && !isBareCluster(subject));
}

/** A cluster of the provider `eks` that is told to make no nodes by itself. */
function isBareCluster({ type, tree }: Subject): boolean {
  if (type !== "eks:index:Cluster" || childAt(tree, "skipDefaultNodeGroup") !== true) return false;
  return (childAt(tree, "autoMode") ?? childAt(tree, "fargate") ?? undefined) === undefined;
}

function keyOf(shape: ToldPoolShape): string {
  return JSON.stringify(shape, (key, value: unknown) => {
    if (key === OF_ONE_NODE) return undefined;
    return isUnknown(value) ? { isUnknown: true } : value;
  });
}

function listed(value: Told<string> | undefined): Told<string>[] | undefined {
  return value === undefined ? undefined : [value];
}

function isEmpty(list: Told<string[]> | undefined): boolean {
  return list === undefined || (Array.isArray(list) && list.length === 0);
}

function isText(value: Tree): value is string {
  return typeof value === "string";
}
