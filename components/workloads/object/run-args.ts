/** How an update treats a workload that its controller runs to an end. */
export interface RunArgs {
  /**
   * Whether an update waits until the workload has succeeded, so that what depends on it comes after; false by default, as
   * the controller goes on by itself. One that fails, or whose controller does not run, fails the update after
   * `waitSeconds`.
   */
  waitForCompletion?: boolean;
  /** Seconds that an update waits at most, from 1; by default the workload's deadline, over all its attempts, else 86400 (a day). */
  waitSeconds?: number;
}
