import type { CronConcurrency, ObjectArgs, QueueArgs } from "../object";
import type { PodArgs } from "../pods";
import type { JobLimitsArgs, JobSizeArgs } from "./job-args";

/** What each run of a {@link CronTask} does: a job, as that of a {@link BatchJob}. Its pods have no GPU by default. */
export interface CronTaskJobArgs extends QueueArgs, PodArgs, JobSizeArgs, JobLimitsArgs {}

/** What a {@link CronTask} is made from. */
export interface CronTaskArgs extends ObjectArgs {
  /** When it runs: a cron expression of five fields, for example `40 2 * * *`, or a macro such as `@daily`. */
  schedule: string;
  /** Time zone of the schedule, for example `Europe/Berlin`; `UTC` by default, where no clock is ever changed. */
  timeZone?: string;
  /** What each run does. */
  job: CronTaskJobArgs;
  /** What happens while the run before is still under way; `Forbid` by default. */
  concurrency?: CronConcurrency;
  /**
   * Seconds after its time within which a run may still start, from 10, as Kubernetes looks every ten seconds; 3600 (an
   * hour) by default. One that could not start until then, as Kubernetes was away or the run before went on, is left out.
   */
  startingDeadlineSeconds?: number;
  /** Runs that succeeded and are kept to be looked at, from 0; 3 by default. */
  successfulRunsKept?: number;
  /** Runs that failed and are kept to be looked at, from 0; 3 by default. */
  failedRunsKept?: number;
  /** Whether no further run starts; false by default. One that runs goes on. */
  suspend?: boolean;
}
