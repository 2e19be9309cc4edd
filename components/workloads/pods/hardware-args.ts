import type { Toleration } from "../../internal";
import type { Architecture } from "../../model";

/** How a pod's GPUs may be used by other pods. */
export const GpuSharing = {
  /** By nobody else: whole GPUs. */
  exclusive: "exclusive",
  /** By other pods in turns, without memory of its own: for notebooks and small models, never for training. */
  timeSlicing: "time-slicing",
  /** By other pods beside it, each on a slice with memory of its own (Multi-Instance GPU). */
  mig: "mig",
} as const;
/** How a pod's GPUs may be used by other pods. */
export type GpuSharing = (typeof GpuSharing)[keyof typeof GpuSharing];

/** The one way to ask for hardware: what each pod needs. Where it runs follows from this and from the known pools. */
export interface HardwareArgs {
  /** GPUs of each pod, whole ones unless they are shared, from 0; each kind of workload tells its default. */
  gpus?: number;
  /**
   * Memory that each GPU must have at least, in GiB as EC2 reports it (an A10G has 22.35); any GPU by default. Places pods
   * on the models of the catalogue that have as much.
   */
  gpuMemoryGib?: number;
  /** How the GPUs may be used by other pods; `exclusive` by default. */
  gpuSharing?: GpuSharing;
  /** Slice of a GPU that `mig` asks for, for example `1g.10gb`; needed with `mig`, and allowed with nothing else. */
  migProfile?: string;
  /**
   * CPU request of each pod, a Kubernetes quantity. By default `3` for each whole GPU, which leaves room for system pods on
   * machines with 4 vCPU, and `1` without one. No limit is set, so that loading data may use what is idle.
   */
  cpu?: string;
  /**
   * Memory request and limit of each pod, a Kubernetes quantity. By default `12Gi` for each whole GPU, which leaves room for
   * system pods on machines with 16 GiB for each GPU, as all of the catalogue have but `g5g.xlarge`, and `2Gi` without one.
   */
  memory?: string;
  /**
   * Size of /dev/shm, a Kubernetes quantity below `memory`, which it is taken from. By default a quarter of the memory with
   * GPUs, as data loaders and GPUs of one machine exchange data there, else the runtime's 64 MiB.
   */
  sharedMemory?: string;
  /** Name of the pool to run on (label `mlstack.dev/pool`); any pool that has what is asked for by default. */
  pool?: string;
  /** Tolerations beside those of the GPU taint and of known pools: one for each further taint of the pool. */
  tolerations?: Toleration[];
  /** Instruction set that the image is built for; any by default. */
  architecture?: Architecture;
  /**
   * Elastic Fabric Adapters of each pod, from 0. By default all of the pool where it is known, there are several pods, and
   * each takes all GPUs of a node; else 0. Adds the huge pages and the variables that NCCL needs, and keeps the pods in one
   * zone.
   */
  efa?: number;
}
