import type { GangArgs, ObjectArgs } from "../object";
import type { ProgramArgs, RoleArgs } from "../pods";
import type { TrainingRestartPolicy, TrainingRunArgs } from "./run-policy-args";

/** Whose end is the success of a {@link TensorFlowJob} without a chief. */
export const TensorFlowSuccessPolicy = {
  /** The first worker's, which then leads the others. */
  firstWorker: "FirstWorker",
  /** All workers'. */
  allWorkers: "AllWorkers",
} as const;
/** Whose end is the success of a {@link TensorFlowJob} without a chief. */
export type TensorFlowSuccessPolicy = (typeof TensorFlowSuccessPolicy)[keyof typeof TensorFlowSuccessPolicy];

/** One role of a {@link TensorFlowJob}. */
export interface TensorFlowRoleArgs extends RoleArgs {
  /** What becomes of a pod whose program fails; `OnFailure` by default. */
  restartPolicy?: TrainingRestartPolicy;
}

/** What a {@link TensorFlowJob} is made from. */
export interface TensorFlowJobArgs extends ObjectArgs, GangArgs, ProgramArgs, TrainingRunArgs {
  /** Those that compute; each has one GPU by default. */
  workers: TensorFlowRoleArgs;
  /** Those that hold the parameters; none by default, and without GPUs unless asked for. */
  parameterServers?: TensorFlowRoleArgs;
  /**
   * The one that leads the workers, writes checkpoints, and with whose end the job has succeeded; none by default. One pod;
   * with parameter servers without a GPU by default, else with as many as a worker has, as it then computes like one.
   */
  chief?: TensorFlowRoleArgs;
  /** The one that judges checkpoints beside the training; none by default. One pod, without a GPU unless asked for. */
  evaluator?: TensorFlowRoleArgs;
  /** Whose end is the success of the job; `FirstWorker` by default. Only without a chief, whose end decides. */
  successPolicy?: TensorFlowSuccessPolicy;
  /**
   * Restarts of containers of all roles together with which the job fails, from 0; by default 3 for each pod, as one that
   * fails mostly takes the others with it.
   */
  backoffLimit?: number;
}
