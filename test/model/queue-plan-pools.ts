import { Architecture, CapacityType, type PoolShape, TaintEffect } from "../../components/model";

/** A pool as queues see it: what matters is its name, its size and its GPUs. */
export function pool({ name, maxNodes, gpusPerNode }: Pick<PoolShape, "name" | "maxNodes" | "gpusPerNode">): PoolShape {
  const gpus = { gpuResource: "nvidia.com/gpu", gpuModel: "h100", gpuMemoryMib: 81559 };
  return {
    name,
    instanceType: gpusPerNode > 0 ? "p5.48xlarge" : "m6i.xlarge",
    instanceTypes: [gpusPerNode > 0 ? "p5.48xlarge" : "m6i.xlarge"],
    architecture: Architecture.amd64,
    capacityType: CapacityType.onDemand,
    gpusPerNode,
    ...(gpusPerNode > 0 ? gpus : {}),
    vcpus: 8,
    memoryGib: 32,
    ephemeralStorageGib: 100,
    efaInterfaces: 0,
    availabilityZones: [],
    labels: { "mlstack.dev/pool": name },
    taints: gpusPerNode > 0 ? [{ key: "nvidia.com/gpu", value: "present", effect: TaintEffect.noSchedule }] : [],
    minNodes: 0,
    maxNodes,
  };
}
