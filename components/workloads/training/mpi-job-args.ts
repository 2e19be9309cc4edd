import type * as pulumi from "@pulumi/pulumi";
import type { Toleration } from "../../internal";
import type { Architecture } from "../../model";
import type { GangArgs, ObjectArgs } from "../object";
import type { ProgramArgs, ProgramOptions, RoleArgs } from "../pods";
import type { TrainingRunArgs } from "./run-policy-args";

/** Implementations of MPI that the operator writes host files and variables for. */
export const MpiImplementation = {
  openMpi: "OpenMPI",
  intel: "Intel",
  mpich: "MPICH",
} as const;
/** Implementations of MPI that the operator writes host files and variables for. */
export type MpiImplementation = (typeof MpiImplementation)[keyof typeof MpiImplementation];

/** When the launcher of an {@link MpiJob} is created. */
export const LauncherCreationPolicy = {
  /** Once the SSH servers of all workers answer. */
  waitForWorkersReady: "WaitForWorkersReady",
  /** Together with the workers; it then fails, and is tried again, until it reaches them. */
  atStartup: "AtStartup",
} as const;
/** When the launcher of an {@link MpiJob} is created. */
export type LauncherCreationPolicy = (typeof LauncherCreationPolicy)[keyof typeof LauncherCreationPolicy];

/** How the image of an {@link MpiJob} serves SSH. */
export interface MpiSshArgs {
  /** Folder of the keys; `/home/mpiuser/.ssh` by default, as in the images of the MPI operator. */
  folder?: string;
  /** Configuration of the server, for a user other than root; `/home/mpiuser/.sshd_config` by default. */
  serverConfig?: string;
  /** Port that this configuration has, from 1024; 2222 by default. */
  port?: number;
}

/**
 * The pod that starts the program of an {@link MpiJob}. It has the hardware of a worker if it works like one, as each has the
 * same number of processes; else it has no GPU, 1 CPU and 2 GiB.
 */
export interface MpiLauncherArgs extends ProgramOptions {
  /** Container image, with a tag or digest; the job's by default. */
  image?: pulumi.Input<string>;
  /** CPU request, a Kubernetes quantity. */
  cpu?: string;
  /** Memory request and limit, a Kubernetes quantity. */
  memory?: string;
  /** Name of the pool to run on; any by default. */
  pool?: string;
  /** Tolerations beside those of known pools; none by default. */
  tolerations?: Toleration[];
  /** Instruction set that the image is built for; any by default. */
  architecture?: Architecture;
}

/**
 * What an {@link MpiJob} is made from. `command` and `args` are the launcher's, for example `mpirun` with the program; workers
 * serve SSH. All pods run as user 1000 by default, `mpiuser` of the operator's images.
 */
export interface MpiJobArgs extends ObjectArgs, GangArgs, ProgramArgs, TrainingRunArgs {
  /** Those that compute; each has one GPU by default, and runs the SSH server unless it is given a command of its own. */
  workers: RoleArgs;
  /** The one that starts the program on the workers. */
  launcher?: MpiLauncherArgs;
  /** Processes on each worker, from 1; one for each GPU by default, and one without GPUs. */
  slotsPerWorker?: number;
  /** Implementation of MPI in the image; `OpenMPI` by default. */
  mpiImplementation?: MpiImplementation;
  /** Whether the launcher computes like a worker, so that no pod is idle; false by default. */
  runLauncherAsWorker?: boolean;
  /** When the launcher is created; `WaitForWorkersReady` by default. */
  launcherCreationPolicy?: LauncherCreationPolicy;
  /** How the image serves SSH; as those of the MPI operator do by default. */
  ssh?: MpiSshArgs;
  /** Times that the launcher is tried again before the job fails, from 0; 3 by default. */
  backoffLimit?: number;
}
