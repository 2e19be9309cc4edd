import type { Taint } from "./taint";

/** How the machines of a pool are bought. */
export const CapacityType = {
  /** Kept until the pool gives it back. */
  onDemand: "on-demand",
  /** Cheaper, and taken back at two minutes' notice. */
  spot: "spot",
} as const;
/** How the machines of a pool are bought. */
export type CapacityType = (typeof CapacityType)[keyof typeof CapacityType];

/** Instruction set of a node, as the label `kubernetes.io/arch` spells it. */
export const Architecture = { amd64: "amd64", arm64: "arm64" } as const;
/** Instruction set of a node, as the label `kubernetes.io/arch` spells it. */
export type Architecture = (typeof Architecture)[keyof typeof Architecture];

/** What one node pool offers to pods, whatever provides its nodes. */
export interface PoolShape {
  name: string;
  /** EC2 instance type, for example `g5.xlarge`. */
  instanceType: string;
  architecture: Architecture;
  capacityType: CapacityType;
  /** Extended resource that pods ask for, `nvidia.com/gpu`; undefined on pools without accelerators. */
  gpuResource?: string;
  /** Whole GPUs per node; 0 on pools without accelerators. */
  gpusPerNode: number;
  /** GPU model in catalogue spelling, for example `a10g`. */
  gpuModel?: string;
  /** Memory of each GPU in MiB. */
  gpuMemoryMib?: number;
  vcpus: number;
  /** Main memory of a node in GiB. */
  memoryGib: number;
  /** Elastic Fabric Adapter interfaces per node. */
  efaInterfaces: number;
  labels: Record<string, string>;
  taints: Taint[];
  minNodes: number;
  maxNodes: number;
}
