import type { GangArgs, ObjectArgs, RunArgs } from "../object";
import type { ProgramArgs, RoleArgs } from "../pods";

/** What an {@link MxNetJob} is made from. */
export interface MxNetJobArgs extends ObjectArgs, GangArgs, ProgramArgs, RunArgs {
  /** Those that compute; each has one GPU by default. */
  workers: RoleArgs;
  /** Those that hold the parameters; one by default, and without GPUs unless asked for. */
  servers?: RoleArgs;
  /** The one by which the others find each other; one pod, without a GPU unless asked for. */
  scheduler?: RoleArgs;
  /** Port on which the scheduler listens, from 1024; 9091 by default. */
  schedulerPort?: number;
  /** Times that all pods start anew after one has failed, from 0; 3 by default. Disrupted pods (Spot, node drains) do not count. */
  maxRestarts?: number;
  /**
   * Seconds after which a start of the job is ended, and the job failed, from 1; 86400 (a day) by default, to bound what it
   * can cost.
   */
  activeDeadlineSeconds?: number;
  /**
   * Seconds after which the controller deletes the finished job, from 0. Never by default: the stack owns the job. One that was
   * deleted runs again in the first update after a refresh, and with the next change of its labels or annotations even
   * without one.
   */
  ttlSecondsAfterFinished?: number;
}
