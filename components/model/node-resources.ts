import { EFA_RESOURCE } from "./labels";
import { MAX_PODS, nodeReservation } from "./node-reservation";
import type { PoolShape } from "./pool-shape";

/** Share of the disk below which the kubelet evicts, and which pods therefore cannot have. */
const NODEFS_RESERVE = 0.1;

/**
 * Share of a machine's memory that its hypervisor and firmware take before the kubelet sees any, as Karpenter estimates it.
 *
 * @see https://karpenter.sh/docs/reference/settings/ `vmMemoryOverheadPercent` (v1.14)
 */
const MACHINE_MEMORY_OVERHEAD = 0.075;

/** Kubernetes quantities by resource, with those that every node has. */
export interface NodeQuantities {
  cpu: string;
  memory: string;
  "ephemeral-storage": string;
  pods: string;
  [resource: string]: string;
}

/** What a node has, and what of it pods can have. */
export interface NodeResources {
  capacity: NodeQuantities;
  allocatable: NodeQuantities;
}

/**
 * What a node of a pool reports: its resources, and what the kubelet of the real machine would leave of them to pods. Huge
 * pages are left out, as the image decides about them.
 */
export function nodeResources(
  shape: Pick<
    PoolShape,
    "vcpus" | "memoryGib" | "ephemeralStorageGib" | "gpuResource" | "gpusPerNode" | "efaInterfaces"
  >,
): NodeResources {
  const reserved = nodeReservation(shape.vcpus);
  const memoryMib = Math.floor(shape.memoryGib * 1024 * (1 - MACHINE_MEMORY_OVERHEAD));
  const devices = {
    ...(shape.gpuResource === undefined ? {} : { [shape.gpuResource]: String(shape.gpusPerNode) }),
    ...(shape.efaInterfaces === 0 ? {} : { [EFA_RESOURCE]: String(shape.efaInterfaces) }),
    pods: String(MAX_PODS),
  };
  return {
    capacity: {
      cpu: String(shape.vcpus),
      memory: `${memoryMib}Mi`,
      "ephemeral-storage": `${shape.ephemeralStorageGib}Gi`,
      ...devices,
    },
    allocatable: {
      cpu: `${shape.vcpus * 1000 - reserved.cpuMillicores}m`,
      memory: `${memoryMib - reserved.memoryMib}Mi`,
      "ephemeral-storage": `${Math.floor(shape.ephemeralStorageGib * (1 - NODEFS_RESERVE))}Gi`,
      ...devices,
    },
  };
}
