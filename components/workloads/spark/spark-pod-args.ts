import type { Toleration } from "../../internal";
import type { Architecture } from "../../model";
import type { HardwareArgs } from "../pods/hardware-args";
import type { JobVolume } from "../pods/program-args";

/** The driver of a Spark application, which never gets a GPU. */
export interface SparkDriverArgs {
  /** Threads of the driver, from 1; by default the whole CPUs in `cpu`, one at least. */
  cores?: number;
  /** CPU request, a Kubernetes quantity; `1` by default. No limit is set. */
  cpu?: string;
  /** Memory request and limit of the pod, a Kubernetes quantity of whole MiB; `2Gi` by default. */
  memory?: string;
  /**
   * What of `memory` is not Java's heap, a Kubernetes quantity of whole MiB. By default as much as Spark itself sets aside:
   * a tenth of the heap, two fifths of it with Python and R, `384Mi` at least.
   */
  memoryOverhead?: string;
  /** Name of the pool to run on (label `mlstack.dev/pool`); any without taints by default. */
  pool?: string;
  /** Tolerations: one for each taint of the pool where `pools` does not tell them; none by default. */
  tolerations?: Toleration[];
  /** Instruction set that the image is built for; that of the executors by default. */
  architecture?: Architecture;
  /** Volumes of the driver beside the application's. One named `spark-local-dir-…` is where Spark spills data. */
  volumes?: JobVolume[];
}

/** The executors of a Spark application, which are all alike. */
export interface SparkExecutorArgs extends HardwareArgs {
  /** Executors, from 1; 1 by default. With `dynamicAllocation` their number is told there instead. */
  replicas?: number;
  /** Tasks that each executor runs at a time, from 1; by default the whole CPUs in `cpu`, one at least. */
  cores?: number;
  /** GPUs of each executor, from 0; 0 by default. */
  gpus?: number;
  /**
   * Memory request and limit of each pod, a Kubernetes quantity of whole MiB, of which heap and overhead are parts. By
   * default `12Gi` for each whole GPU, and `2Gi` without one.
   */
  memory?: string;
  /**
   * What of `memory` is not Java's heap, a Kubernetes quantity of whole MiB: Python, native libraries, shared memory. By
   * default as much as Spark itself sets aside: a tenth of the heap, two fifths of it with Python and R, `384Mi` at least.
   */
  memoryOverhead?: string;
  /**
   * GPUs of each task: a whole number, or at most 0.5 where tasks share a GPU; 1 by default, so that an executor runs one
   * task for each of its GPUs at a time. Only for whole GPUs: Spark counts no turns and slices.
   */
  gpusPerTask?: number;
  /**
   * Path in the image of the program that tells Spark which GPUs an executor has; by default the one that comes with Spark,
   * `/opt/spark/examples/src/main/scripts/getGpusResources.sh`. Only for whole GPUs.
   */
  gpuDiscoveryScript?: string;
  /** Volumes of executors beside the application's. One named `spark-local-dir-…` is where Spark spills and shuffles. */
  volumes?: JobVolume[];
}

/** Lets Spark have more executors while tasks wait, and fewer when none do. Shuffled data keep theirs alive. */
export interface SparkDynamicAllocationArgs {
  /** Executors at most, from 1: what the application can cost. */
  maxExecutors: number;
  /** Executors at least, from 0; 0 by default. */
  minExecutors?: number;
  /** Executors at the start, from `minExecutors` to `maxExecutors`; `minExecutors` by default. */
  initialExecutors?: number;
}
