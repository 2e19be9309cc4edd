import type * as pulumi from "@pulumi/pulumi";
import type { Toleration } from "../internal";

/** A value inside a Kubernetes Secret, handed to a container without passing through the stack. */
export interface SecretKeyReference {
  /** Name of the Secret, in the job's namespace. */
  name: pulumi.Input<string>;
  /** Key inside the Secret. */
  key: pulumi.Input<string>;
}

/** Scratch space that lives and dies with the pod. */
export interface ScratchVolume {
  /** Most that may be written, a Kubernetes quantity; only the node's disk is the limit by default. */
  sizeLimit?: string;
}

/** A volume of the job's pods and where it is mounted. Exactly one source is given. */
export interface JobVolume {
  /** Name of the volume, a DNS label, unique in the job. */
  name: string;
  /** Absolute path inside the container. */
  mountPath: string;
  /** Whether the job may only read; true by default for config maps and secrets, false for the others. */
  readOnly?: boolean;
  /** Name of a PersistentVolumeClaim in the job's namespace: datasets, checkpoints, models. */
  persistentVolumeClaim?: pulumi.Input<string>;
  /** Name of a ConfigMap in the job's namespace. */
  configMap?: pulumi.Input<string>;
  /** Name of a Secret in the job's namespace. */
  secret?: pulumi.Input<string>;
  /** Scratch space on the node's disk. */
  scratch?: ScratchVolume;
}

/** What a {@link GpuJob} is made from. */
export interface GpuJobArgs {
  /** Container image, with a tag or digest. */
  image: pulumi.Input<string>;
  /** Program to run; the image's own by default. */
  command?: pulumi.Input<string>[];
  /** Arguments of the program; the image's own by default. */
  args?: pulumi.Input<string>[];
  /** Environment variables. Credentials belong into `secretEnv`. */
  env?: Record<string, pulumi.Input<string>>;
  /** Environment variables that are read from Secrets. */
  secretEnv?: Record<string, SecretKeyReference>;

  /** Whole GPUs for each pod, from 1; 1 by default. */
  gpus?: number;
  /**
   * CPU request of each pod, a Kubernetes quantity; `3` for each GPU by default, which leaves room for system pods on
   * machines with 4 vCPU. No limit is set, so that loading data may use what is idle.
   */
  cpu?: string;
  /**
   * Memory request and limit of each pod, a Kubernetes quantity; `12Gi` for each GPU by default, which leaves room for
   * system pods on machines with 16 GiB for each GPU, as all of the catalogue have but `g5g.xlarge`.
   */
  memory?: string;
  /**
   * Size of /dev/shm, a Kubernetes quantity below `memory`, which it is taken from. By default a quarter of the memory
   * where there are several GPUs, which exchange data there, else the runtime's 64 MiB, too little for most data
   * loaders with several workers.
   */
  sharedMemory?: string;
  /** Name of the pool to run on (label `mlstack.dev/pool`); any pool with free GPUs by default. */
  pool?: string;
  /** Tolerations beside that of the GPU taint: one for each further taint of the pool. */
  tolerations?: Toleration[];
  /** Priority class; the cluster's default by default. */
  priorityClassName?: pulumi.Input<string>;

  /** Volumes of each pod. */
  volumes?: JobVolume[];
  /** Pods that run at the same time, from 1; 1 by default. */
  parallelism?: number;
  /**
   * Pods that must succeed, from 1; `parallelism` by default. With more than one each finds its number, from 0, in
   * `JOB_COMPLETION_INDEX`.
   */
  completions?: number;

  /** Failed pods after which the job fails, from 0; 3 by default. Disrupted pods (Spot, node drains) do not count. */
  backoffLimit?: number;
  /** Exit codes, 1 to 255, that fail the job at once, as another try would end the same way; none by default. */
  permanentExitCodes?: number[];
  /** Seconds after which the job is ended as failed, from 1; 86400 (a day) by default, to bound what it can cost. */
  activeDeadlineSeconds?: number;
  /**
   * Seconds after which Kubernetes deletes the finished job, from 0. Never by default: the stack owns the job, and
   * would train again in the first update after a refresh that does not find it.
   */
  ttlSecondsAfterFinished?: number;

  /** Name of the Job object, a DNS label; the component's name by default. */
  jobName?: string;
  /** Namespace; the provider's default one by default. */
  namespace?: pulumi.Input<string>;
  /** Labels of the job and its pods, beside those it sets itself. */
  labels?: Record<string, pulumi.Input<string>>;
  /** Annotations of the pods. `mlstack.dev/simulate` says what a pod does on simulated nodes. */
  annotations?: Record<string, pulumi.Input<string>>;
  /** Service account; the namespace's `default` one by default. Its token is never mounted. */
  serviceAccountName?: pulumi.Input<string>;
  /**
   * User id to run as, from 1; the image's own user, often root, by default. Volumes are made writable for the group of
   * the same number, at the first mount, where their type lets the node do so (`fsGroup`; NFS shares keep their owners).
   */
  runAsUser?: number;
  /**
   * Whether nodes refuse to start the image as root, which the Pod Security level `restricted` demands; true with
   * `runAsUser`, else false by default. For images whose own user is a number other than 0; whether that user may write
   * to the volumes is up to them.
   */
  runAsNonRoot?: boolean;
}
