import { CapacityType, type PoolShape } from "../../../model";

/** One thing that a node must be like, as NodePools spell it. */
export interface NodeRequirement {
  /** Key of a label that Karpenter knows. */
  key: string;
  /** How the label is compared; `In` is all that pools need. */
  operator: "In";
  /** Values of which one must match. */
  values: string[];
}

/** How Karpenter spells capacity types; to it a capacity block is one more reservation. */
const karpenterCapacityTypes: Record<CapacityType, string> = {
  [CapacityType.onDemand]: "on-demand",
  [CapacityType.spot]: "spot",
  [CapacityType.reserved]: "reserved",
  [CapacityType.capacityBlock]: "reserved",
};

/**
 * What the nodes of a pool must be like, so that no others are started for it.
 *
 * @see https://karpenter.sh/v1.14/concepts/nodepools/ "spec.template.spec.requirements"
 */
export function nodeRequirements(shape: PoolShape): NodeRequirement[] {
  const { instanceTypes, architecture, capacityType, availabilityZones } = shape;
  return [
    anyOf("node.kubernetes.io/instance-type", instanceTypes),
    anyOf("kubernetes.io/arch", [architecture]),
    anyOf("karpenter.sh/capacity-type", [karpenterCapacityTypes[capacityType]]),
    ...(availabilityZones.length === 0 ? [] : [anyOf("topology.kubernetes.io/zone", availabilityZones)]),
  ];
}

/** Only Linux, which Auto Mode must not be told, as it has nothing else. */
export const linuxOnly: NodeRequirement = anyOf("kubernetes.io/os", ["linux"]);

/** The requirement that a label has one of some values. */
export function anyOf(key: string, values: string[]): NodeRequirement {
  return { key, operator: "In", values };
}
