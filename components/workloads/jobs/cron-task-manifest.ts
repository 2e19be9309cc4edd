import type * as k8s from "@pulumi/kubernetes";
import { objectMetadata, queueLabels, workloadMetadata } from "../object";
import { CronConcurrency } from "../object/cron-concurrency";
import type { CronTaskArgs } from "./cron-task-args";
import { jobSpec } from "./job-manifest";

const DEFAULT_STARTING_DEADLINE_SECONDS = 3600;
const DEFAULT_HISTORY = 3;

/** A CronJob object as it is given to Kubernetes; leaves may be outputs. */
export interface CronJobManifest {
  apiVersion: "batch/v1";
  kind: "CronJob";
  metadata: k8s.types.input.meta.v1.ObjectMeta;
  spec: k8s.types.input.batch.v1.CronJobSpec;
}

/**
 * The Kubernetes CronJob that a {@link CronTask} with these arguments is.
 *
 * @param name name of the CronJob where the arguments give none.
 */
export function cronTaskManifest(name: string, args: CronTaskArgs): CronJobManifest {
  const { job, pools } = args;
  const metadata = workloadMetadata(name, args, job.image);
  const { labels, annotations } = objectMetadata(args, metadata, queueLabels(job));
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: objectMetadata(args, metadata),
    spec: {
      schedule: args.schedule,
      timeZone: args.timeZone ?? "UTC",
      concurrencyPolicy: args.concurrency ?? CronConcurrency.forbid,
      startingDeadlineSeconds: args.startingDeadlineSeconds ?? DEFAULT_STARTING_DEADLINE_SECONDS,
      successfulJobsHistoryLimit: args.successfulRunsKept ?? DEFAULT_HISTORY,
      failedJobsHistoryLimit: args.failedRunsKept ?? DEFAULT_HISTORY,
      suspend: args.suspend ?? false,
      jobTemplate: {
        metadata: { labels, ...(annotations === undefined ? {} : { annotations }) },
        spec: jobSpec(job, { ...metadata, pools, defaultGpus: 0 }),
      },
    },
  };
}
