import type { RunArgs } from "../object";

/** Which pods of a finished job are deleted. */
export const CleanPodPolicy = {
  /** Those that still run: parameter servers, and workers that serve a launcher. The others stay, with their logs. */
  running: "Running",
  /** All of them, with their logs. */
  all: "All",
} as const;
/** Which pods of a finished job are deleted. */
export type CleanPodPolicy = (typeof CleanPodPolicy)[keyof typeof CleanPodPolicy];

/** What becomes of a pod whose program fails. */
export const TrainingRestartPolicy = {
  /** It starts again, as often as the job's `backoffLimit` lets it. */
  onFailure: "OnFailure",
  /** The job fails. */
  never: "Never",
  /**
   * With exit codes from 128, as signals have, a new pod takes its place, until the job's deadline however often; with
   * others the job fails.
   */
  exitCode: "ExitCode",
} as const;
/** What becomes of a pod whose program fails. */
export type TrainingRestartPolicy = (typeof TrainingRestartPolicy)[keyof typeof TrainingRestartPolicy];

/** What ends a training job, repeats it, and cleans up after it. */
export interface TrainingRunArgs extends RunArgs {
  /** Seconds after which the job is ended as failed, from 1; 86400 (a day) by default, to bound what it can cost. */
  activeDeadlineSeconds?: number;
  /**
   * Seconds after which the operator deletes the finished job, from 0. Never by default: the stack owns the job. One that was
   * deleted runs again in the first update after a refresh, and with the next change of its labels or annotations even
   * without one.
   */
  ttlSecondsAfterFinished?: number;
  /** Which pods of the finished job are deleted; `Running` by default, so that no parameter server runs on for ever. */
  cleanPodPolicy?: CleanPodPolicy;
}
