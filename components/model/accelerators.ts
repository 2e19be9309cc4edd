import { closest } from "fastest-levenshtein";
import { ACCELERATOR_CATALOGUE, type AcceleratorRow } from "./accelerator-catalogue";
import type { Architecture } from "./pool-shape";

/**
 * What is known of an EC2 instance type with NVIDIA GPUs.
 *
 * @see https://karpenter.sh/docs/reference/instance-types/ (Karpenter v1.14, read 2026-08), source of all the figures
 */
export interface GpuInstanceType {
  /** EC2 name, for example `g5.xlarge`. */
  instanceType: string;
  /** Instruction set that images must be built for. */
  architecture: Architecture;
  /** Virtual CPUs. */
  vcpus: number;
  /** Main memory in GiB, before what the system and the kubelet keep for themselves. */
  memoryGib: number;
  /** GPU model, for example `t4`, `a10g`, `h100`. */
  gpuModel: string;
  /** Whole GPUs; 0 for types that carry a fraction of one. */
  gpuCount: number;
  /** Memory of each GPU in MiB; of the fraction where the type carries one. */
  gpuMemoryMib: number;
  /** Elastic Fabric Adapter interfaces, offered as `vpc.amazonaws.com/efa`. */
  efaInterfaces: number;
  /** Local NVMe storage in GB (decimal), summed over the disks. */
  localNvmeGb: number;
}

/** GiB in a decimal gigabyte, in which disks are sold. */
export const GIB_PER_GB = 1e9 / 2 ** 30;

const byName = new Map(ACCELERATOR_CATALOGUE.map(instanceTypeOf).map((type) => [type.instanceType, type]));

/** Looks an instance type up; undefined where the catalogue does not list it. Names are matched exactly. */
export function gpuInstanceType(instanceType: string): GpuInstanceType | undefined {
  return byName.get(instanceType);
}

/** Every instance type that the catalogue lists, in catalogue order. */
export function gpuInstanceTypes(): GpuInstanceType[] {
  return [...byName.values()];
}

/** The listed instance type whose name is nearest to a misspelt one; the first in catalogue order where several are. */
export function nearestGpuInstanceType(misspelt: string): string {
  return closest(misspelt.toLowerCase(), [...byName.keys()]);
}

/** Rows are shared by everyone who looks them up, so they are frozen. */
function instanceTypeOf(row: AcceleratorRow): GpuInstanceType {
  const [instanceType, architecture, vcpus, memoryGib, gpuModel, gpuCount, gpuMemoryMib, efaInterfaces, localNvmeGb] =
    row;
  return Object.freeze({
    instanceType,
    architecture,
    vcpus,
    memoryGib,
    gpuModel,
    gpuCount,
    gpuMemoryMib,
    efaInterfaces,
    localNvmeGb,
  });
}
