import { compact } from "../internal";
import {
  CapacityType,
  EFA_LABEL,
  GIB_PER_GB,
  GPU_MODEL_LABEL,
  GPU_PRESENT_LABEL,
  GPU_RESOURCE,
  type GpuInstanceType,
  type PoolShape,
  type Taint,
  TaintEffect,
} from "../model";
import { chosenInstanceTypes } from "./gpu-instance-types";
import type { GpuNodePoolArgs } from "./gpu-node-pool-args";
import type { NodeSettings } from "./node-back-ends/pool-plan";
import { PoolPurpose } from "./node-back-ends/pool-plan";
import { amiFamilyOf, poolLabels, rootVolumeOf, zonesOf } from "./node-pool";
import { ceilingOf, nodePrice } from "./pool-ceiling";
import type { PoolScale } from "./pool-scale";

const gpuTaint: Taint = { key: GPU_RESOURCE, value: "present", effect: TaintEffect.noSchedule };

/** How many nodes a GPU pool with these arguments has. */
export function gpuPoolScale(args: GpuNodePoolArgs): PoolScale {
  const { minNodes = 0, desiredNodes = minNodes } = args;
  return { minNodes, maxNodes: ceilingOf(args), desiredNodes };
}

/** Every taint of a GPU pool with these arguments, its own first. */
export function gpuPoolTaints(args: GpuNodePoolArgs): Taint[] {
  return [...((args.gpuTaint ?? true) ? [gpuTaint] : []), ...(args.taints ?? [])];
}

/**
 * What a GPU pool with these arguments offers to pods.
 *
 * @throws RangeError when the catalogue lists no such instance type; `validateGpuNodePool` tells beforehand.
 */
export function gpuPoolShape(name: string, args: GpuNodePoolArgs): PoolShape {
  const types = chosenInstanceTypes(args);
  const [first] = types;
  if (first === undefined) throw new RangeError(`The catalogue lists no instance type for pool ${name}.`);
  const { minNodes, maxNodes } = gpuPoolScale(args);
  const smallest = (figure: (type: GpuInstanceType) => number) => Math.min(...types.map(figure));
  const shape = compact({
    name: args.poolName ?? name,
    instanceType: first.instanceType,
    instanceTypes: types.map(({ instanceType }) => instanceType),
    architecture: first.architecture,
    capacityType: args.capacityType ?? CapacityType.onDemand,
    gpuResource: GPU_RESOURCE,
    gpusPerNode: first.gpuCount,
    gpuModel: types.every(({ gpuModel }) => gpuModel === first.gpuModel) ? first.gpuModel : undefined,
    gpuMemoryMib: smallest(({ gpuMemoryMib }) => gpuMemoryMib),
    vcpus: smallest(({ vcpus }) => vcpus),
    memoryGib: smallest(({ memoryGib }) => memoryGib),
    ephemeralStorageGib: usesLocalStorage(args)
      ? Math.floor(smallest(({ localNvmeGb }) => localNvmeGb) * GIB_PER_GB)
      : rootVolumeOf(args),
    efaInterfaces: args.efa === true ? first.efaInterfaces : 0,
    availabilityZones: zonesOf(args),
    usdPerNodeHour: nodePrice(args),
    taints: gpuPoolTaints(args),
    minNodes,
    maxNodes,
  });
  const gpuLabels = {
    [GPU_PRESENT_LABEL]: "true",
    ...(shape.gpuModel === undefined ? {} : { [GPU_MODEL_LABEL]: shape.gpuModel }),
    ...(shape.efaInterfaces === 0 ? {} : { [EFA_LABEL]: "true" }),
  };
  return { ...shape, labels: { ...args.labels, ...poolLabels(shape), ...gpuLabels } };
}

/** How the nodes of a GPU pool with these arguments are built. */
export function gpuNodeSettings(args: GpuNodePoolArgs): NodeSettings {
  return compact({
    amiFamily: amiFamilyOf(args),
    amiVersion: args.amiVersion,
    rootVolumeGib: rootVolumeOf(args),
    localStorage: usesLocalStorage(args),
    purpose: args.purpose ?? PoolPurpose.training,
    placementGroup: args.placementGroup ?? false,
    capacityReservationId: args.capacityReservationId,
    schedules: args.schedules ?? [],
  });
}

/** Local disks are part of the price, and faster than any volume: they are used where every type has them. */
function usesLocalStorage(args: GpuNodePoolArgs): boolean {
  return args.localStorage ?? chosenInstanceTypes(args).every(({ localNvmeGb }) => localNvmeGb > 0);
}
