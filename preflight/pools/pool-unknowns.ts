import {
  generalInstanceType,
  gpuInstanceType,
  isUnknown,
  type PoolShape,
  type ToldPoolShape,
} from "../../components/model";
import type { PoolUnknown } from "./planned-pool";

/** Properties that follow from the instance types. */
export const OF_MACHINES = [
  "architecture",
  "gpuResource",
  "gpusPerNode",
  "gpuModel",
  "gpuMemoryMib",
  "vcpus",
  "memoryGib",
] as const satisfies readonly (keyof PoolShape)[];

const OF_ANY_MACHINE: ReadonlySet<keyof PoolShape> = new Set(OF_MACHINES);

/** What properties are called in messages, with the verb that goes with it. */
const WORDS: Partial<Record<keyof PoolShape, string>> = {
  efaInterfaces: "the number of fabric adapters is",
  ephemeralStorageGib: "the disk of its nodes is",
  gpusPerNode: "the number of GPUs of a node is",
  labels: "the labels of its nodes are",
  maxNodes: "the largest size is",
  minNodes: "the smallest size is",
  taints: "the taints of its nodes are",
  availabilityZones: "the zones of its nodes are",
};

/** Why a property of a pool is not known. */
export function unknownOf(shape: ToldPoolShape, property: keyof PoolShape): PoolUnknown {
  return {
    property,
    reason: OF_ANY_MACHINE.has(property) ? reasonOfMachines(shape, property) : reasonOf(shape, property),
  };
}

function reasonOfMachines(shape: ToldPoolShape, property: keyof PoolShape): string {
  const { instanceTypes } = shape;
  if (instanceTypes === undefined) {
    return isUnknown(shape[property]) ? reasonOf(shape, property) : "it names no instance type";
  }
  if (isUnknown(instanceTypes) || instanceTypes.some(isUnknown)) return "its instance types are not known yet";
  if (instanceTypes.length === 0) return "it names no instance type";
  const strange = instanceTypes.map(String).filter((type) => !(gpuInstanceType(type) ?? generalInstanceType(type)));
  if (strange.length === 0) return reasonOf(shape, property);
  return strange.length === 1
    ? `the instance type ${strange[0]} is in no table`
    : `the instance types ${strange.join(", ")} are in no table`;
}

function reasonOf(shape: ToldPoolShape, property: keyof PoolShape): string {
  const subject = WORDS[property] ?? `${property} is`;
  if (holdsUnknown(shape[property])) return `${subject} not known yet`;
  return `nothing tells ${subject.replace(/ (is|are)$/, "")}`;
}

/** Whether a value, or something in it, is not known yet. */
function holdsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}
