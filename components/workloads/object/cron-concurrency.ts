/** What happens at a time of the schedule while the run before is still under way. */
export const CronConcurrency = {
  /** The new run is left out. */
  forbid: "Forbid",
  /** The run before is ended, and the new one takes its place. */
  replace: "Replace",
  /** Both run. Two that train one model at the same time would overwrite each other's files. */
  allow: "Allow",
} as const;
/** What happens at a time of the schedule while the run before is still under way. */
export type CronConcurrency = (typeof CronConcurrency)[keyof typeof CronConcurrency];
