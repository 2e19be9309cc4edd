import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { CronConcurrency } from "../object/cron-concurrency";
import { DEFAULT_DEADLINE_SECONDS } from "../object/deadline";
import type { Manifest } from "../object/manifest";
import { objectMetadata, queueLabels, type WorkloadMetadata, workloadMetadata } from "../object/metadata";
import type { ScheduledSparkJobArgs, SparkApplicationArgs, SparkJobArgs } from "./spark-args";
import { hadoopConfOf, sparkConfOf } from "./spark-conf";
import { type SparkDependencies, SparkLanguage } from "./spark-option-args";
import { applicationVolumes, driverSpec, executorSpec } from "./spark-pods";

const API_VERSION = "sparkoperator.k8s.io/v1beta2";

/** Repetitions of a failed application where its author says nothing. */
const DEFAULT_RETRIES = 3;

/** Seconds before the first of them. */
const DEFAULT_RETRY_INTERVAL_SECONDS = 30;

/** Seconds that an update waits at most, whatever the deadlines add up to: durations of Go end at 292 years. */
const LONGEST_WAIT_SECONDS = 2 ** 31 - 1;

/** Port of the metrics where the author names none, as the operator has it. */
const DEFAULT_METRICS_PORT = 8090;

/** Time zone of schedules that name none; the operator's own would be that of its node. */
const DEFAULT_TIME_ZONE = "UTC";

/**
 * The SparkApplication that a {@link SparkJob} with these arguments is; to be embedded where other objects carry one.
 *
 * @param name name of the application where the arguments give none.
 */
export function sparkJobManifest(name: string, args: SparkJobArgs): Manifest {
  const metadata = workloadMetadata(name, args, args.image);
  return {
    apiVersion: API_VERSION,
    kind: "SparkApplication",
    metadata: metadataOf(args, metadata),
    spec: applicationSpec(args, metadata),
  };
}

/**
 * The ScheduledSparkApplication that a {@link ScheduledSparkJob} with these arguments is.
 *
 * @param name name of the object where the arguments give none.
 */
export function scheduledSparkJobManifest(name: string, args: ScheduledSparkJobArgs): Manifest {
  const metadata = workloadMetadata(name, args, args.image);
  return {
    apiVersion: API_VERSION,
    kind: "ScheduledSparkApplication",
    metadata: metadataOf(args, metadata),
    spec: compact({
      schedule: args.schedule,
      timeZone: args.timeZone ?? DEFAULT_TIME_ZONE,
      concurrencyPolicy: args.concurrency ?? CronConcurrency.forbid,
      suspend: args.suspend,
      successfulRunHistoryLimit: args.successfulRunsKept ?? 1,
      failedRunHistoryLimit: args.failedRunsKept ?? 3,
      template: applicationSpec(args, metadata),
    }),
  };
}

/** Seconds that an application may take with all its attempts, and the growing breaks between them. */
export function longestRunSeconds(args: SparkApplicationArgs): number {
  const { retries = DEFAULT_RETRIES, attemptDeadlineSeconds = DEFAULT_DEADLINE_SECONDS } = args;
  const { retryIntervalSeconds = DEFAULT_RETRY_INTERVAL_SECONDS } = args;
  const breaks = (retries * (retries + 1)) / 2;
  return Math.min((retries + 1) * attemptDeadlineSeconds + breaks * retryIntervalSeconds, LONGEST_WAIT_SECONDS);
}

/** The operator hands labels of a schedule on to its runs, and all but those of Kueue from there to the pods. */
function metadataOf(args: SparkApplicationArgs, metadata: WorkloadMetadata): k8s.types.input.meta.v1.ObjectMeta {
  return objectMetadata(args, metadata, queueLabels(args));
}

function applicationSpec(args: SparkApplicationArgs, metadata: WorkloadMetadata) {
  const { dependencies = {}, dynamicAllocation } = args;
  return compact({
    type: args.language ?? SparkLanguage.python,
    mode: "cluster",
    sparkVersion: args.sparkVersion,
    image: args.image,
    mainApplicationFile: args.mainFile,
    mainClass: args.mainClass,
    arguments: args.args,
    deps: nonEmptyObject(compact(dependencies satisfies SparkDependencies)),
    sparkConf: nonEmptyObject(sparkConfOf(args)),
    hadoopConf: nonEmptyObject(hadoopConfOf(args)),
    restartPolicy: restartPolicy(args),
    timeToLiveSeconds: args.ttlSecondsAfterFinished,
    batchScheduler: args.batchScheduler,
    // Without it, what an executor that goes has shuffled goes with it.
    dynamicAllocation: dynamicAllocation && { enabled: true, shuffleTrackingEnabled: true, ...dynamicAllocation },
    monitoring: monitoring(args),
    volumes: applicationVolumes(args),
    driver: driverSpec(args, metadata),
    executor: executorSpec(args, metadata),
  });
}

/** Repeats a whole application; `Always` would repeat one that has succeeded, too. */
function restartPolicy({ retries = DEFAULT_RETRIES, retryIntervalSeconds }: SparkApplicationArgs) {
  if (retries === 0) return { type: "Never" };
  const interval = retryIntervalSeconds ?? DEFAULT_RETRY_INTERVAL_SECONDS;
  return {
    type: "OnFailure",
    onFailureRetries: retries,
    onFailureRetryInterval: interval,
    onSubmissionFailureRetries: retries,
    onSubmissionFailureRetryInterval: interval,
  };
}

function monitoring({ metrics }: SparkApplicationArgs) {
  if (metrics === undefined) return undefined;
  const { jmxExporterJar, port = DEFAULT_METRICS_PORT } = metrics;
  return { exposeDriverMetrics: true, exposeExecutorMetrics: true, prometheus: { jmxExporterJar, port } };
}

function nonEmptyObject<T extends Record<string, pulumi.Input<unknown>>>(object: T): T | undefined {
  return Object.keys(object).length === 0 ? undefined : object;
}
