import type { GangArgs, ObjectArgs } from "../object";
import type { PodArgs } from "../pods";
import type { TrainingRestartPolicy, TrainingRunArgs } from "./run-policy-args";

/** Lets a {@link PyTorchJob} go on while some of its nodes are missing. */
export interface ElasticTrainingArgs {
  /** Nodes with which training goes on, from 1 to `nodes`; 1 by default. */
  minNodes?: number;
  /** Times that `torchrun` starts the processes of all nodes anew, as it does when one joins or leaves, from 0; 3 by default. */
  maxRestarts?: number;
}

/** What a {@link PyTorchJob} is made from; each node is one pod and has one GPU by default. */
export interface PyTorchJobArgs extends ObjectArgs, GangArgs, PodArgs, TrainingRunArgs {
  /** Nodes, from 1; 1 by default. The first is the master and the others are workers; elastic jobs have workers only. */
  nodes?: number;
  /** Processes that `torchrun` starts on each node, from 1; one for each GPU by default, and one without GPUs. */
  processesPerNode?: number;
  /** Lets the job go on while nodes are missing; by default all of them are needed. */
  elastic?: ElasticTrainingArgs;
  /** What becomes of a pod whose program fails; `OnFailure` by default. */
  restartPolicy?: TrainingRestartPolicy;
  /**
   * Restarts of containers of all nodes together with which the job fails, from 0; by default 3 for each node, as one that
   * fails mostly takes the others with it.
   */
  backoffLimit?: number;
}
