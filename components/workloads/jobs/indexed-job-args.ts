import type { GangArgs, ObjectArgs } from "../object";
import type { PodArgs } from "../pods";
import type { JobCleanUpArgs, JobLimitsArgs } from "./job-args";

/** Which workers decide that a job has succeeded; what still runs then is ended. One of the two is given, or both. */
export interface JobSuccessArgs {
  /** Numbers of the workers that count, in rising order, for example `0` or `0,2-5`; all by default. */
  workers?: string;
  /** How many of these must succeed, from 1; all by default. */
  count?: number;
}

/** What an {@link IndexedJob} is made from; its pods have no GPU by default. */
export interface IndexedJobArgs extends ObjectArgs, GangArgs, PodArgs, JobLimitsArgs, JobCleanUpArgs {
  /** Pods that work together, from 1. */
  workers: number;
  /** Port at which worker 0 awaits the others, from 1 to 65535; 29500, that of PyTorch, by default. */
  port?: number;
  /**
   * Failed pods of one worker after which the job fails, from 0, for programs whose workers may come back while the others
   * go on. By default failures of all workers are counted together, by `backoffLimit`, which then has no default.
   */
  backoffLimitPerIndex?: number;
  /** When the job has succeeded before all workers have, for example with worker 0; by default all must succeed. */
  success?: JobSuccessArgs;
}
