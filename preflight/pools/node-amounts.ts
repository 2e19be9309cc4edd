import {
  AmiFamily,
  arrayAt,
  childAt,
  EFA_RESOURCE,
  GPU_RESOURCE,
  hugePageResources,
  isTreeObject,
  isUnknown,
  nodeAt,
  nodeResources,
  parseAmiType,
  SIMULATED_RESOURCES_ANNOTATION,
  stringAt,
  type Tree,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { amountOf } from "../scheduling/quantities";
import { kubeletAmounts } from "./kubelet-settings";
import type { PoolUnknown } from "./planned-pool";
import { KARPENTER_POOL_TYPE, NODE_GROUP_TYPE, NODE_TYPE, type PoolSource } from "./pool-source";
import { unknownOf } from "./pool-unknowns";
import { excludesGpus } from "./requirement-labels";

/** What a node of a pool has for pods, and what of it is not known; resources that are not known are left out. */
export interface NodeAmounts {
  amounts: Map<string, number>;
  /** What the machine has before anything is kept back of it, which limits of pools count by. */
  capacity: ReadonlyMap<string, number>;
  unknowns: PoolUnknown[];
}

/** Properties of a shape that resources of a node follow from. */
const BY_PROPERTY = [
  ["vcpus", ["cpu"]],
  ["memoryGib", ["memory"]],
  ["ephemeralStorageGib", ["ephemeral-storage"]],
  ["efaInterfaces", [EFA_RESOURCE]],
] as const;

/**
 * What pods can have of a node: what it reports where it is there, and otherwise what a machine of its type would
 * report. GPUs are whole ones, before any device plugin splits or shares them.
 */
export function nodeAmountsOf(source: PoolSource): NodeAmounts {
  const [maker] = source.makers;
  const reported = maker?.type === NODE_TYPE ? reportedBy(maker) : undefined;
  if (reported !== undefined) return reported;
  return expectedOf(source);
}

/** Whether the amounts are those of nodes that are there, so that nothing is to be added to them. */
export function isReported({ makers: [maker] }: PoolSource): boolean {
  return maker?.type === NODE_TYPE && reportedBy(maker) !== undefined;
}

/** The property of a shape that stands for a resource. */
function propertyOf(resource: string): PoolUnknown["property"] {
  return BY_PROPERTY.find(([, names]) => names.some((name) => name === resource))?.[0] ?? "gpuResource";
}

/** Resources that the kubelet reports, or that a simulated node announces; undefined where there are none. */
function reportedBy(node: PlannedResource): NodeAmounts | undefined {
  const annotations = nodeAt(node.properties, "metadata.annotations");
  const announced = parsed(childAt(annotations, SIMULATED_RESOURCES_ANNOTATION));
  const sources: Tree[] = [childAt(node.properties, "status"), announced];
  const sides = sources.flatMap((source) => ["allocatable", "capacity"].map((side): Tree => childAt(source, side)));
  const side = sides.find((each) => isTreeObject(each) && Object.keys(each).length > 0);
  if (!isTreeObject(side)) return undefined;
  const amounts = new Map<string, number>();
  const unknowns: PoolUnknown[] = [];
  for (const [resource, quantity] of Object.entries(side)) {
    const amount = amountOf(resource, quantity);
    if (amount !== undefined) amounts.set(resource, amount);
    else if (quantity !== undefined && quantity !== null) {
      const problem = isUnknown(quantity) ? "not known yet" : `${JSON.stringify(quantity)}, which is no quantity`;
      unknowns.push({ property: propertyOf(resource), reason: `${resource} is ${problem}` });
    }
  }
  return { amounts, capacity: amounts, unknowns };
}

function expectedOf(source: PoolSource): NodeAmounts {
  const { shape } = source;
  const unknowns: PoolUnknown[] = [];
  const figure = (property: (typeof BY_PROPERTY)[number][0] | "gpusPerNode", byDefault: number): number => {
    const value = shape[property];
    if (Number.isFinite(value) && Number(value) >= 0) return Number(value);
    unknowns.push(unknownOf(shape, property));
    return byDefault;
  };
  const gpus = gpusOf(source, figure);
  const sized = {
    vcpus: figure("vcpus", 1),
    memoryGib: figure("memoryGib", 0),
    ephemeralStorageGib: figure("ephemeralStorageGib", 0),
    efaInterfaces: figure("efaInterfaces", 0),
  };
  const { capacity, allocatable } = nodeResources({ ...sized, ...gpus });
  const quantities = { ...allocatable, ...hugePageResources(sized, imageFamilyOf(source)) };
  const missing = new Set<string>(unknowns.map(({ property }) => property));
  const hidden = new Set<string>(BY_PROPERTY.flatMap(([property, names]) => (missing.has(property) ? names : [])));
  const amounts = new Map<string, number>();
  for (const [resource, quantity] of Object.entries(quantities)) {
    if (!hidden.has(resource)) amounts.set(resource, Math.max(0, amountOf(resource, quantity) ?? 0));
  }
  const whole = amountsIn(capacity);
  const kubelet = kubeletAmounts(source.machines, { capacity: whole, allocatable: new Map(amounts) });
  unknowns.push(...kubelet.unknowns);
  for (const [resource, amount] of kubelet.amounts) {
    if (amount === undefined) amounts.delete(resource);
    else amounts.set(resource, Math.max(0, amount));
  }
  // The kubelet takes huge pages off the memory that pods can have otherwise.
  const hugePages = amounts.get("hugepages-2Mi") ?? 0;
  const memory = amounts.get("memory");
  if (memory !== undefined) amounts.set("memory", Math.max(0, memory - hugePages));
  for (const resource of hidden) whole.delete(resource);
  return { amounts, capacity: whole, unknowns };
}

function amountsIn(quantities: Record<string, string>): Map<string, number> {
  return new Map(
    Object.entries(quantities).map(([resource, quantity]) => [resource, amountOf(resource, quantity) ?? 0]),
  );
}

function gpusOf(
  source: PoolSource,
  figure: (property: "gpusPerNode", byDefault: number) => number,
): { gpuResource?: string; gpusPerNode: number } {
  const { gpuResource } = source.shape;
  if (gpuResource === undefined && hasNoGpus(source)) return { gpusPerNode: 0 };
  const count = figure("gpusPerNode", 0);
  const resource = isUnknown(gpuResource) || gpuResource === undefined ? GPU_RESOURCE : gpuResource;
  return count === 0 ? { gpusPerNode: 0 } : { gpuResource: resource, gpusPerNode: count };
}

/** Whether the requirements of a NodePool leave no machine with GPUs, though its machines are not known. */
function hasNoGpus({ shape, makers: [maker] }: PoolSource): boolean {
  if (shape.gpusPerNode !== undefined) return false;
  return (
    maker?.type === KARPENTER_POOL_TYPE && excludesGpus(nodeAt(maker.properties, "spec.template.spec.requirements"))
  );
}

/**
 * The operating system of the nodes, which decides how many huge pages they set aside; Amazon Linux 2023 where nothing
 * tells it.
 */
export function imageFamilyOf(source: PoolSource): AmiFamily {
  const [maker] = source.makers;
  const said =
    maker?.type === NODE_GROUP_TYPE
      ? parseAmiType(stringAt(maker.properties, "amiType") ?? "")?.family
      : maker?.type === KARPENTER_POOL_TYPE
        ? classFamily(source.machines)
        : familyNamed(stringAt(source.component?.properties, "amiFamily") ?? "");
  return said ?? AmiFamily.al2023;
}

/** Auto Mode has images of Bottlerocket. */
function classFamily(nodeClass: PlannedResource | undefined): AmiFamily | undefined {
  if (nodeClass === undefined) return undefined;
  if (stringAt(nodeClass.properties, "apiVersion")?.startsWith("eks.amazonaws.com/") === true) {
    return AmiFamily.bottlerocket;
  }
  const spec = childAt(nodeClass.properties, "spec");
  const alias = arrayAt(spec, "amiSelectorTerms").map((term) => stringAt(term, "alias") ?? "");
  return familyNamed(alias.find((each) => each !== "") ?? stringAt(spec, "amiFamily") ?? "");
}

function familyNamed(name: string): AmiFamily | undefined {
  const spelt = name.toLowerCase();
  return Object.values(AmiFamily).find((family) => spelt.startsWith(family));
}

function parsed(json: Tree): Tree {
  if (typeof json !== "string") return undefined;
  try {
    return JSON.parse(json) as Tree;
  } catch {
    return undefined;
  }
}
