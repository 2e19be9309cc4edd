import { CAPACITY_TYPE_LABEL, GPU_RESOURCE, POOL_LABEL } from "../labels";
import { parseAmiType } from "../node-image";
import { CapacityType } from "../pool-shape";
import { TaintEffect } from "../taint";
import { arrayAt, childAt, objectAt, type Tree } from "../tree";
import { isUnknown, UNKNOWN } from "../unknown";
import { labelledEfaInterfaces, localStorageGib, machinesShape, priceShape, regionOf } from "./machines";
import {
  largest,
  told,
  type Told,
  toldAsList,
  toldNumber,
  toldRecord,
  toldString,
  toldStrings,
  toldTaints,
  type ToldPoolShape,
} from "./told";

/** Spelling of the effects in the EKS API. @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Taint.html */
const EFFECTS = new Map<string, TaintEffect>([
  ["NO_SCHEDULE", TaintEffect.noSchedule],
  ["NO_EXECUTE", TaintEffect.noExecute],
  ["PREFER_NO_SCHEDULE", TaintEffect.preferNoSchedule],
]);

/** @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html "capacityType" */
const CAPACITY_TYPES = new Map<string, CapacityType>([
  ["ON_DEMAND", CapacityType.onDemand],
  ["SPOT", CapacityType.spot],
  ["CAPACITY_BLOCK", CapacityType.capacityBlock],
]);

/** Root volume of a group that names none, in GiB. @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html */
const DEFAULT_DISK_GIB = 20;

/** How user data ask for a RAID0 of the local disks: Amazon Linux 2023's nodeadm, and Bottlerocket's bootstrap command. */
const LOCAL_STORAGE = /strategy"?\s*:\s*"?RAID0|ephemeral-storage["',\s]+init/;

/** Reads a managed node group of EKS, with its launch template where that is at hand. */
export function nodeGroupShape(group: Tree, template: Tree): ToldPoolShape {
  const labels = toldRecord(childAt(group, "labels"));
  const types = instanceTypesOf(group, template);
  const machines = machinesShape(types);
  const image = imageShape(childAt(group, "amiType"));
  const zones = toldAsList(childAt(childAt(template, "placement"), "availabilityZone"));
  const scaling = childAt(group, "scalingConfig");
  return told({
    ...image,
    ...machines,
    gpuResource: gpuResourceOf(machines.gpuResource, image.gpuResource),
    name: toldString(childAt(childAt(group, "labels"), POOL_LABEL)),
    capacityType: capacityTypeOf(group, template),
    ephemeralStorageGib: diskOf(group, template, types),
    efaInterfaces: efaInterfacesOf(template) ?? labelledEfaInterfaces(labels, types),
    availabilityZones: zones,
    ...priceShape(types, toldString(childAt(group, "region")) ?? regionOf(zones)),
    labels,
    taints: toldTaints(childAt(group, "taints"), (spelt) => EFFECTS.get(spelt) ?? spelt),
    minNodes: toldNumber(childAt(scaling, "minSize")),
    maxNodes: toldNumber(childAt(scaling, "maxSize")),
  });
}

function instanceTypesOf(group: Tree, template: Tree): Told<string[]> | undefined {
  return toldStrings(childAt(group, "instanceTypes")) ?? toldAsList(childAt(template, "instanceType"));
}

/** What an image tells even of a group whose instance types are hidden. */
function imageShape(amiType: Tree): ToldPoolShape {
  if (isUnknown(amiType)) return { gpuResource: UNKNOWN };
  const image = typeof amiType === "string" ? parseAmiType(amiType) : undefined;
  return told({
    architecture: image?.architecture,
    gpuResource: image?.accelerator === "nvidia" ? GPU_RESOURCE : undefined,
  });
}

/** Either tells of GPUs. */
function gpuResourceOf(...said: (Told<string> | undefined)[]): Told<string> | undefined {
  return said.find((resource) => typeof resource === "string") ?? said.find((resource) => resource !== undefined);
}

function capacityTypeOf(group: Tree, template: Tree): Told<CapacityType> {
  const spelt = toldString(childAt(group, "capacityType"));
  if (isUnknown(spelt)) return UNKNOWN;
  const capacityType = CAPACITY_TYPES.get(spelt ?? "") ?? CapacityType.onDemand;
  return capacityType === CapacityType.onDemand && isReserved(group, template) ? CapacityType.reserved : capacityType;
}

/** EKS calls reserved machines on-demand; the launch template names the reservation, and the pool's label tells of it. */
function isReserved(group: Tree, template: Tree): boolean {
  if (template !== undefined) {
    const specification = objectAt(template, "capacityReservationSpecification");
    return objectAt(specification, "capacityReservationTarget") !== undefined;
  }
  return childAt(childAt(group, "labels"), CAPACITY_TYPE_LABEL) === CapacityType.reserved;
}

function diskOf(group: Tree, template: Tree, types: Told<string[]> | undefined): Told<number> | undefined {
  if (template === undefined) {
    if (childAt(group, "launchTemplate") !== undefined) return undefined;
    return toldNumber(childAt(group, "diskSize")) ?? DEFAULT_DISK_GIB;
  }
  const userData = toldString(childAt(template, "userData"));
  if (isUnknown(userData)) return UNKNOWN;
  if (LOCAL_STORAGE.test(Buffer.from(userData ?? "", "base64").toString())) return localStorageGib(types);
  return largest(
    arrayAt(template, "blockDeviceMappings").map((each) => toldNumber(childAt(childAt(each, "ebs"), "volumeSize"))),
  );
}

function efaInterfacesOf(template: Tree): Told<number> | undefined {
  if (template === undefined) return undefined;
  const interfaces = childAt(template, "networkInterfaces");
  if (isUnknown(template) || isUnknown(interfaces)) return UNKNOWN;
  const kinds = arrayAt(template, "networkInterfaces").map((each) => childAt(each, "interfaceType"));
  if (kinds.some(isUnknown)) return UNKNOWN;
  return kinds.filter((kind) => kind === "efa" || kind === "efa-only").length;
}
