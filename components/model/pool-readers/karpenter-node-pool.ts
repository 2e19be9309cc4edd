import { CAPACITY_TYPE_LABEL, GPU_RESOURCE, POOL_LABEL } from "../labels";
import { CapacityType } from "../pool-shape";
import { parseQuantity, tryParseQuantity } from "../quantity";
import { arrayAt, childAt, objectAt, stringAt, type Tree } from "../tree";
import { isUnknown, UNKNOWN } from "../unknown";
import { labelledEfaInterfaces, localStorageGib, machinesShape, priceShape, regionOf } from "./machines";
import { allowedValues, requiredInstanceTypes } from "./requirements";
import { largest, told, type Told, toldNumber, toldRecord, toldTaints, type ToldPoolShape } from "./told";

const GIB = parseQuantity("1Gi");

/** Disk of nodes whose class of EKS Auto Mode names none, in GiB. @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html */
const AUTO_MODE_DISK_GIB = 80;

/** Reads a NodePool of Karpenter or EKS Auto Mode, with its EC2NodeClass or NodeClass where that is at hand. */
export function karpenterNodePoolShape(pool: Tree, nodeClass: Tree): ToldPoolShape {
  const spec = childAt(pool, "spec");
  const template = childAt(spec, "template");
  const nodes = childAt(template, "spec");
  const requirements = childAt(nodes, "requirements");
  const labels = toldRecord(childAt(childAt(template, "metadata"), "labels"));
  const types = requiredInstanceTypes(requirements);
  const zones = allowedValues(requirements, "topology.kubernetes.io/zone");
  const machines = machinesShape(types);
  const classSpec = childAt(nodeClass, "spec");
  return told({
    ...machines,
    architecture:
      machines.architecture ??
      (onlyOne(allowedValues(requirements, "kubernetes.io/arch")) as ToldPoolShape["architecture"]),
    name: isUnknown(labels) ? UNKNOWN : labels?.[POOL_LABEL],
    capacityType: capacityTypeOf(requirements, labels),
    ephemeralStorageGib: nodeClass === undefined ? undefined : diskOf(classSpec, types),
    efaInterfaces: efaInterfacesOf(classSpec) ?? labelledEfaInterfaces(labels, types),
    availabilityZones: zones,
    ...priceShape(types, regionOf(zones)),
    labels,
    taints: toldTaints(childAt(nodes, "taints")),
    minNodes: toldNumber(childAt(spec, "replicas")) ?? 0,
    maxNodes: toldNumber(childAt(spec, "replicas")) ?? maxNodesOf(childAt(spec, "limits"), machines),
  });
}

/** Karpenter calls both kinds of reservations `reserved`; the pool's label tells them apart. */
function capacityTypeOf(
  requirements: Tree,
  labels: Told<Record<string, string>> | undefined,
): ToldPoolShape["capacityType"] {
  const spelt = onlyOne(allowedValues(requirements, "karpenter.sh/capacity-type"));
  if (spelt === undefined || isUnknown(spelt)) return spelt;
  if (spelt !== CapacityType.reserved) return Object.values(CapacityType).find((type) => type === spelt);
  const label = isUnknown(labels) ? UNKNOWN : labels?.[CAPACITY_TYPE_LABEL];
  if (isUnknown(label)) return UNKNOWN;
  return label === CapacityType.capacityBlock ? CapacityType.capacityBlock : CapacityType.reserved;
}

function diskOf(classSpec: Tree, types: Told<string[]> | undefined): Told<number> | undefined {
  if (isUnknown(classSpec)) return UNKNOWN;
  if (childAt(classSpec, "amiSelectorTerms") === undefined) return autoModeDiskOf(classSpec, types);
  if (stringAt(classSpec, "instanceStorePolicy") === "RAID0") return localStorageGib(types);
  const mappings = arrayAt(classSpec, "blockDeviceMappings");
  return largest(mappings.map((each) => gibOf(childAt(childAt(each, "ebs"), "volumeSize"))));
}

/**
 * Auto Mode brings the image, and keeps pods on the local disks where these are larger than the volume.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/automode-learn-instances.html "Considerations" (read 2026-08)
 */
function autoModeDiskOf(classSpec: Tree, types: Told<string[]> | undefined): Told<number> | undefined {
  const size = gibOf(childAt(childAt(classSpec, "ephemeralStorage"), "size")) ?? AUTO_MODE_DISK_GIB;
  return largest([size, localStorageGib(types)]);
}

function efaInterfacesOf(classSpec: Tree): Told<number> | undefined {
  const holder = isUnknown(classSpec) ? UNKNOWN : (objectAt(classSpec, "advancedNetworking") ?? classSpec);
  const interfaces = childAt(holder, "networkInterfaces");
  if (isUnknown(interfaces)) return UNKNOWN;
  if (!Array.isArray(interfaces)) return undefined;
  const kinds = interfaces.map((each: Tree) => childAt(each, "interfaceType"));
  return kinds.some(isUnknown) ? UNKNOWN : kinds.filter((kind) => kind === "efa-only").length;
}

/** Each limit allows so many whole nodes; the tightest one counts. */
function maxNodesOf(limits: Tree, { gpusPerNode, vcpus }: ToldPoolShape): Told<number> | undefined {
  const perNode: [resource: string, amount: Told<number> | undefined][] = [
    ["nodes", 1],
    [GPU_RESOURCE, gpusPerNode],
    ["cpu", vcpus],
  ];
  const counts = perNode.flatMap(([resource, amount]): Told<number>[] => {
    const limit = childAt(limits, resource);
    if (limit === undefined || amount === undefined || amount === 0) return [];
    if (isUnknown(limit) || isUnknown(amount)) return [UNKNOWN];
    const quantity = tryParseQuantity(limit);
    return quantity === undefined ? [] : [Number(quantity / (parseQuantity(1) * BigInt(amount)))];
  });
  if (counts.some(isUnknown)) return UNKNOWN;
  return counts.length === 0 ? undefined : Math.min(...counts.map(Number));
}

function gibOf(size: Tree): Told<number> | undefined {
  if (isUnknown(size)) return UNKNOWN;
  const quantity = tryParseQuantity(size);
  return quantity === undefined ? undefined : Number(quantity / GIB);
}

function onlyOne(values: Told<string[]> | undefined): Told<string> | undefined {
  if (values === undefined || isUnknown(values)) return values;
  return values.length === 1 ? values[0] : undefined;
}
