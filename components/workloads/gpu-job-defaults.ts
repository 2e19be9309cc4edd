import { tryParseQuantity } from "../model";
import type { GpuJobArgs } from "./gpu-job-args";

/** Where programs look for POSIX shared memory. */
export const SHARED_MEMORY_PATH = "/dev/shm";

/** Name of the volume that is mounted there. */
export const SHARED_MEMORY_VOLUME = "shared-memory";

/** Label with the job's name, on the job and its pods. */
export const JOB_LABEL = "app.kubernetes.io/name";

const CPUS_PER_GPU = 3;
const MEMORY_GIB_PER_GPU = 12;
const SHARED_MEMORY_SHARE = 4n;
const NANO_PER_MIB = 1024n * 1024n * 1_000_000_000n;

/** What a job asks for once the defaults that depend on other arguments are filled in. */
export interface JobDefaults {
  gpus: number;
  cpu: string;
  memory: string;
  sharedMemory: string | undefined;
  parallelism: number;
  completions: number;
}

/** Fills in the arguments that size a job; total, so that checks may use it on arguments that are still unchecked. */
export function jobDefaults(args: GpuJobArgs): JobDefaults {
  const { gpus = 1, parallelism = 1 } = args;
  const memory = args.memory ?? `${MEMORY_GIB_PER_GPU * gpus}Gi`;
  return {
    gpus,
    cpu: args.cpu ?? String(CPUS_PER_GPU * gpus),
    memory,
    sharedMemory: args.sharedMemory ?? (gpus > 1 ? quarterOf(memory) : undefined),
    parallelism,
    completions: args.completions ?? parallelism,
  };
}

function quarterOf(memory: string): string | undefined {
  const quantity = tryParseQuantity(memory);
  return quantity === undefined ? undefined : `${quantity / SHARED_MEMORY_SHARE / NANO_PER_MIB}Mi`;
}
