import { EFA_RESOURCE, efaResources, GPU_RESOURCE, type PoolShape, tryParseQuantity } from "../../model";
import { GpuSharing, type HardwareArgs } from "./hardware-args";

const CPUS_PER_GPU = 3;
const CPUS_WITHOUT_GPU = 1;
const MEMORY_GIB_PER_GPU = 12;
const MEMORY_GIB_WITHOUT_GPU = 2;
const SHARED_MEMORY_SHARE = 4n;
const MIB_PER_GIB = 1024;
const NANO_PER_MIB = 1024n * 1024n * 1_000_000_000n;

/** What hardware follows from beside a pod's own words. */
export interface HardwareFacts {
  /** Pods of the workload that exchange data, from 1. */
  pods: number;
  /** GPUs of each pod where its author says nothing. */
  defaultGpus: number;
  /** Pools that are known. */
  pools: PoolShape[] | undefined;
}

/** What a pod asks for once all defaults are filled in. */
export interface Hardware {
  gpus: number;
  /** Name of the resource that the GPUs are asked for by; undefined without GPUs. */
  gpuResource: string | undefined;
  cpu: string;
  memory: string;
  sharedMemory: string | undefined;
  efa: number;
  /** The pool that is asked for, where it is known. */
  pool: PoolShape | undefined;
  /** The known pools that have what is asked for; undefined where no pools are known. */
  fitting: PoolShape[] | undefined;
}

/** Fills in what hardware follows from; total, so that checks may use it on arguments that are still unchecked. */
export function hardwareOf(args: HardwareArgs, { pods, defaultGpus, pools }: HardwareFacts): Hardware {
  const gpus = args.gpus ?? defaultGpus;
  const memory = args.memory ?? `${gpus > 0 ? MEMORY_GIB_PER_GPU * gpus : MEMORY_GIB_WITHOUT_GPU}Gi`;
  const pool = pools?.find(({ name }) => name === args.pool);
  const takesNodes = pods > 1 && gpus > 0 && pool?.gpusPerNode === gpus;
  const efa = args.efa ?? (takesNodes ? pool.efaInterfaces : 0);
  return {
    gpus,
    gpuResource: gpus > 0 ? gpuResource(args) : undefined,
    cpu: args.cpu ?? String(gpus > 0 ? CPUS_PER_GPU * gpus : CPUS_WITHOUT_GPU),
    memory,
    sharedMemory: args.sharedMemory ?? (gpus > 0 ? quarterOf(memory) : undefined),
    efa,
    pool,
    fitting: pools?.filter((each) => misfitOf(each, { ...args, gpus, efa }) === undefined),
  };
}

/** The devices that a pod asks for, as requests and limits alike. */
export function devicesOf({ gpus, gpuResource, efa }: Hardware): Record<string, string> {
  return { ...(gpuResource === undefined ? {} : { [gpuResource]: String(gpus) }), ...efaResources(efa) };
}

/**
 * Name of the resource that GPUs are asked for by.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md "Shared access to GPUs", "mig-strategy"
 */
function gpuResource({ gpuSharing, migProfile }: HardwareArgs): string {
  if (gpuSharing === GpuSharing.timeSlicing) return `${GPU_RESOURCE}.shared`;
  return gpuSharing === GpuSharing.mig ? `nvidia.com/mig-${migProfile}` : GPU_RESOURCE;
}

/** What a pool lacks of what is asked for; undefined where it has all. */
export function misfitOf(pool: PoolShape, args: HardwareArgs): string | undefined {
  const { gpus = 0, gpuMemoryGib, gpuSharing = GpuSharing.exclusive, architecture, efa = 0 } = args;
  const { name, gpusPerNode, gpuMemoryMib = 0 } = pool;
  // How many pods share a GPU is up to the device plugin, which a pool's shape does not tell.
  const wholeGpus = gpuSharing === GpuSharing.exclusive ? gpus : Math.min(gpus, 1);
  if (args.pool !== undefined && name !== args.pool) return `is not ${args.pool}`;
  if (gpusPerNode < wholeGpus) return `has ${gpusPerNode} ${gpusPerNode === 1 ? "GPU" : "GPUs"} per node`;
  if (gpus > 0 && gpuMemoryGib !== undefined && gpuMemoryMib < gpuMemoryGib * MIB_PER_GIB) {
    return `has ${Math.floor((gpuMemoryMib / MIB_PER_GIB) * 100) / 100} GiB per GPU`;
  }
  if (architecture !== undefined && pool.architecture !== architecture) return `is ${pool.architecture}`;
  return pool.efaInterfaces < efa ? `has ${pool.efaInterfaces} of ${EFA_RESOURCE} per node` : undefined;
}

function quarterOf(memory: string): string | undefined {
  const quantity = tryParseQuantity(memory);
  return quantity === undefined ? undefined : `${quantity / SHARED_MEMORY_SHARE / NANO_PER_MIB}Mi`;
}
