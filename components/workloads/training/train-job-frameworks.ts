import type { Reserved } from "./job-checks";
import { TrainJobFramework } from "./train-job-args";

/** What Trainer does with the jobs of a framework. */
export interface FrameworkFacts extends Reserved {
  /** The runtime that the platform's Trainer has for it; undefined where there is none. */
  runtime: string | undefined;
  /** Jobs of the runtime whose pods are nodes. */
  jobs: readonly string[];
  /** Nodes that a job has at least. */
  leastNodes: number;
  /** Whether the number of processes on a node can be said. */
  countsProcesses: boolean;
  /** Whether a job may bring an image of its own. */
  takesImage: boolean;
}

/** Frameworks whose pods run one program each. */
const ALONE = { owner: "Trainer", jobs: ["node"], leastNodes: 1, takesImage: true };

/**
 * Open MPI starts the program on the first node, the launcher, which reaches the others by SSH. Trainer gives the image of a
 * job to the launcher alone, and makes a second node even where one is asked for.
 *
 * @see https://github.com/kubeflow/trainer/blob/v2.3.0/pkg/runtime/framework/plugins/mpi/mpi.go "EnforceMLPolicy"
 * @see https://github.com/kubeflow/trainer/blob/v2.3.0/pkg/runtime/framework/plugins/jobset/builder.go "Trainer"
 */
const OPEN_MPI = {
  owner: "Trainer",
  jobs: ["launcher", "node"],
  leastNodes: 2,
  countsProcesses: true,
  takesImage: false,
  variables: [
    "OMPI_MCA_orte_default_hostfile",
    "OMPI_MCA_orte_keep_fqdn_hostnames",
    "OMPI_MCA_orte_set_default_slots",
    "OMPI_MCA_plm_rsh_args",
  ],
  volumes: ["mpi-ssh-auth", "mpi-hostfile"],
  mountPaths: ["/etc/mpi"],
};

/**
 * What is particular to each framework.
 *
 * @see https://github.com/kubeflow/trainer/tree/v2.3.0/pkg/runtime/framework/plugins
 */
export const FRAMEWORKS: Record<TrainJobFramework, FrameworkFacts> = {
  [TrainJobFramework.torch]: {
    ...ALONE,
    runtime: "torch-distributed",
    countsProcesses: true,
    variables: ["PET_MASTER_ADDR", "PET_MASTER_PORT", "PET_NNODES", "PET_NODE_RANK", "PET_NPROC_PER_NODE"],
  },
  [TrainJobFramework.deepspeed]: { ...OPEN_MPI, runtime: "deepspeed-distributed" },
  [TrainJobFramework.mpi]: { ...OPEN_MPI, runtime: undefined },
  [TrainJobFramework.jax]: {
    ...ALONE,
    runtime: "jax-distributed",
    countsProcesses: false,
    variables: ["JAX_COORDINATOR_ADDRESS", "JAX_NUM_PROCESSES", "JAX_PROCESS_ID"],
  },
  [TrainJobFramework.xgboost]: {
    ...ALONE,
    runtime: "xgboost-distributed",
    countsProcesses: false,
    variables: ["DMLC_NUM_WORKER", "DMLC_TASK_ID", "DMLC_TRACKER_PORT", "DMLC_TRACKER_URI"],
  },
  [TrainJobFramework.plain]: { ...ALONE, runtime: undefined, countsProcesses: false, variables: [] },
};

/** The facts of a job's framework; those of the default one where it is misspelt, so that checks can go on. */
export function frameworkFacts(framework: TrainJobFramework = TrainJobFramework.torch): FrameworkFacts {
  return FRAMEWORKS[framework] ?? FRAMEWORKS[TrainJobFramework.torch];
}
