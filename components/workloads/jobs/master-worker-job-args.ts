import type { ObjectArgs, QueueArgs } from "../object";
import type { ProgramArgs, RoleArgs } from "../pods";
import type { AfterTrainingArgs } from "./after-training-args";
import type { BrokerArgs } from "./broker-args";
import type { JobLimitsArgs } from "./job-args";

/** When workers start. */
export const WorkersStart = {
  /** Once the master has ended: the queue is full then, and a worker that finds it empty is done. */
  afterMaster: "after-master",
  /**
   * With the master, for masters that wait for results. Workers must wait until the queue is filled, and masters must tell
   * them that it is.
   */
  withMaster: "with-master",
} as const;
/** When workers start. */
export type WorkersStart = (typeof WorkersStart)[keyof typeof WorkersStart];

/**
 * What a {@link MasterWorkerJob} is made from. What is said here of programs holds for master and workers alike, and limits
 * hold for each of the two jobs.
 */
export interface MasterWorkerJobArgs extends ObjectArgs, QueueArgs, ProgramArgs, JobLimitsArgs {
  /** What fills the queue, in one pod; without a GPU by default. */
  master: RoleArgs;
  /** What drains it, in `replicas` pods at the same time, each of which must end well; without GPUs by default. */
  workers: RoleArgs;
  /** When workers start; `after-master` by default. */
  workersStart?: WorkersStart;
  /** Where tasks wait; a Redis of the workload's own by default. */
  broker?: BrokerArgs;
  /** What serves once both have succeeded; nothing by default. What serves already goes on where they fail. */
  afterTraining?: AfterTrainingArgs;
}
