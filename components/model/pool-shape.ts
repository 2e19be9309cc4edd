import type { Taint } from "./taint";

/** How the machines of a pool are bought. */
export const CapacityType = {
  /** Kept until the pool gives it back. */
  onDemand: "on-demand",
  /** Cheaper, and taken back at two minutes' notice. */
  spot: "spot",
  /** Paid for beforehand by an on-demand capacity reservation, so that the machines are there when they are needed. */
  reserved: "reserved",
  /** Paid for beforehand for a block of days in a capacity block; taken back half an hour before it ends. */
  capacityBlock: "capacity-block",
} as const;
/** How the machines of a pool are bought. */
export type CapacityType = (typeof CapacityType)[keyof typeof CapacityType];

/** Instruction set of a node, as the label `kubernetes.io/arch` spells it. */
export const Architecture = { amd64: "amd64", arm64: "arm64" } as const;
/** Instruction set of a node, as the label `kubernetes.io/arch` spells it. */
export type Architecture = (typeof Architecture)[keyof typeof Architecture];

/** What one node pool offers to pods, whatever provides its nodes. */
export interface PoolShape {
  /** Name of the pool, by which workloads ask for it. */
  name: string;
  /** EC2 instance type, for example `g5.xlarge`; where there are several, the first choice. */
  instanceType: string;
  /** Every instance type that a node may have, the first choice first. */
  instanceTypes: string[];
  /** Instruction set of its nodes. */
  architecture: Architecture;
  /** How its machines are bought. */
  capacityType: CapacityType;
  /** Extended resource that pods ask for, `nvidia.com/gpu`; undefined on pools without accelerators. */
  gpuResource?: string;
  /** Whole GPUs per node; 0 on pools without accelerators. */
  gpusPerNode: number;
  /** GPU model in catalogue spelling, for example `a10g`; undefined where the instance types differ in it. */
  gpuModel?: string;
  /** Memory of each GPU in MiB; of the smallest where the instance types differ. */
  gpuMemoryMib?: number;
  /** Virtual CPUs of a node; of the smallest where the instance types differ. */
  vcpus: number;
  /** Main memory of a node in GiB; of the smallest where the instance types differ. */
  memoryGib: number;
  /** Disk of a node for images, logs and `emptyDir` in GiB: the root volume, or local NVMe disks where they are used. */
  ephemeralStorageGib: number;
  /** Elastic Fabric Adapter interfaces per node that pods can ask for; 0 where the pool does not use them. */
  efaInterfaces: number;
  /** Zones that nodes may be in; empty where nothing is said. */
  availabilityZones: string[];
  /** On-demand price of a node in USD per hour, of the dearest where the instance types differ; undefined if unknown. */
  usdPerNodeHour?: number;
  /** Labels of its nodes. */
  labels: Record<string, string>;
  /** Taints of its nodes, which pods must tolerate. */
  taints: Taint[];
  /** Nodes that are kept where nobody needs them, from 0. */
  minNodes: number;
  /** The most nodes that there can be. */
  maxNodes: number;
}
