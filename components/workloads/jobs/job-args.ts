import type { ObjectArgs, QueueArgs } from "../object";
import type { PodArgs } from "../pods";

/** What ends and repeats a Job. */
export interface JobLimitsArgs {
  /** Failed pods after which the job fails, from 0; 3 by default. Disrupted pods (Spot, node drains) do not count. */
  backoffLimit?: number;
  /** Exit codes, 1 to 255, that fail the job at once, as another try would end the same way; none by default. */
  permanentExitCodes?: number[];
  /** Seconds after which the job is ended as failed, from 1; 86400 (a day) by default, to bound what it can cost. */
  activeDeadlineSeconds?: number;
}

/** What becomes of a Job that the stack owns, once it has finished. */
export interface JobCleanUpArgs {
  /**
   * Seconds after which Kubernetes deletes the finished job, from 0. Never by default: the stack owns the job. One that was
   * deleted runs again in the first update after a refresh, and with the next change of its labels or annotations even
   * without one.
   */
  ttlSecondsAfterFinished?: number;
}

/** How many pods a Job has. */
export interface JobSizeArgs {
  /** Pods that run at the same time, from 1; 1 by default. */
  parallelism?: number;
  /**
   * Pods that must succeed, from 1; `parallelism` by default. With more than one each finds its number, from 0, in
   * `JOB_COMPLETION_INDEX`.
   */
  completions?: number;
}

/** What a Job of Kubernetes is made from, whatever it asks for. */
export interface JobArgs extends ObjectArgs, QueueArgs, PodArgs, JobSizeArgs, JobLimitsArgs, JobCleanUpArgs {}

/** What a {@link GpuJob} is made from; each pod has one GPU by default. */
export interface GpuJobArgs extends JobArgs {
  /** GPUs of each pod, whole ones unless they are shared, from 1; 1 by default. */
  gpus?: number;
}

/** What a {@link BatchJob} is made from; its pods have no GPU by default. */
export interface BatchJobArgs extends JobArgs {
  /** GPUs of each pod, whole ones unless they are shared, from 0; none by default. */
  gpus?: number;
}
