import {
  CAPACITY_TYPE_LABEL,
  EFA_RESOURCE,
  GPU_MODEL_LABEL,
  GPU_PRESENT_LABEL,
  GPU_RESOURCE,
  POOL_LABEL,
  SIMULATED_RESOURCES_ANNOTATION,
} from "../labels";
import { parseQuantity, tryParseQuantity } from "../quantity";
import { childAt, isTreeObject, type Tree } from "../tree";
import { isUnknown, UNKNOWN } from "../unknown";
import { machinesShape, priceShape, regionOf } from "./machines";
import {
  type SaidPoolShape,
  told,
  type Told,
  toldAsList,
  toldRecord,
  toldString,
  toldTaints,
  type ToldPoolShape,
} from "./told";

/** Every extended resource of NVIDIA's device plugin stands for GPUs, whole, shared or sliced. */
const GPU_RESOURCES = "nvidia.com/";

const ONE = parseQuantity(1);
const GIB = parseQuantity("1Gi");

/** Reads one node of a pool; how many there may be it cannot tell. */
export function nodeShape(node: Tree): ToldPoolShape {
  const metadata = childAt(node, "metadata");
  const labels = childAt(metadata, "labels");
  const types = toldAsList(childAt(labels, "node.kubernetes.io/instance-type"));
  const zones = toldAsList(childAt(labels, "topology.kubernetes.io/zone"));
  const sides = resourcesOf(node);
  const machines = machinesShape(types);
  return told({
    vcpus: amountOf(sides, "cpu", ONE),
    memoryGib: amountOf(sides, "memory", GIB),
    gpuModel: toldString(childAt(labels, GPU_MODEL_LABEL)),
    // A kubelet reports less memory than the machine has, so the catalogue goes before it.
    ...machines,
    ...priceShape(types, regionOf(zones)),
    ...gpuShape(sides, childAt(labels, GPU_PRESENT_LABEL)),
    name: toldString(childAt(labels, POOL_LABEL)),
    architecture:
      (toldString(childAt(labels, "kubernetes.io/arch")) as ToldPoolShape["architecture"]) ?? machines.architecture,
    capacityType: toldString(childAt(labels, CAPACITY_TYPE_LABEL)) as ToldPoolShape["capacityType"],
    ephemeralStorageGib: amountOf(sides, "ephemeral-storage", GIB),
    efaInterfaces: amountOf(sides, EFA_RESOURCE, ONE) ?? (sides.some(isTreeObject) ? 0 : undefined),
    availabilityZones: zones,
    labels: toldRecord(labels),
    taints: toldTaints(childAt(childAt(node, "spec"), "taints")),
  });
}

/** Resources as the kubelet reports them, and as a simulated node announces them, the reported ones first. */
function resourcesOf(node: Tree): Tree[] {
  const status = childAt(node, "status");
  const announced = parsed(childAt(childAt(childAt(node, "metadata"), "annotations"), SIMULATED_RESOURCES_ANNOTATION));
  const sources: Tree[] = [status, announced];
  return sources.flatMap((source) => ["capacity", "allocatable"].map((side) => childAt(source, side)));
}

function parsed(json: Tree): Tree {
  if (typeof json !== "string") return isUnknown(json) ? UNKNOWN : undefined;
  try {
    return JSON.parse(json) as Tree;
  } catch {
    return undefined;
  }
}

/** What the resources tell of GPUs, and before there are any, the label that device plugins look for. */
function gpuShape(sides: Tree[], presentLabel: Tree): SaidPoolShape {
  const amounts: [string, Tree][] = sides.filter(isTreeObject).flatMap((side) => Object.entries(side));
  const gpus = amounts.filter(([name, amount]) => name.startsWith(GPU_RESOURCES) && isSome(amount));
  const offered = gpus.find(([, amount]) => !isUnknown(amount));
  if (offered !== undefined) return told({ gpuResource: offered[0], gpusPerNode: amountOf(sides, GPU_RESOURCE, ONE) });
  if (presentLabel === "true") return { gpuResource: GPU_RESOURCE };
  if (gpus.length > 0 || sides.some(isUnknown) || isUnknown(presentLabel)) return { gpuResource: UNKNOWN };
  return amounts.length === 0 ? {} : NO_GPUS;
}

const NO_GPUS = { gpuResource: undefined, gpuModel: undefined, gpuMemoryMib: undefined, gpusPerNode: 0 };

/** Zero and nothing are none; what is no quantity is some. */
function isSome(amount: Tree): boolean {
  return amount !== undefined && amount !== null && tryParseQuantity(amount) !== 0n;
}

function amountOf(sides: Tree[], resource: string, unit: bigint): Told<number> | undefined {
  const amounts = sides.map((side) => childAt(side, resource)).filter((amount: Tree) => amount !== undefined);
  const known: Tree = amounts.find((amount: Tree) => !isUnknown(amount));
  const quantity = isUnknown(known) ? undefined : tryParseQuantity(known);
  if (quantity === undefined) return amounts.some(isUnknown) ? UNKNOWN : undefined;
  return Number(quantity / unit);
}
