import type * as pulumi from "@pulumi/pulumi";
import type { CronConcurrency } from "../object/cron-concurrency";
import type { ObjectArgs } from "../object/object-args";
import type { QueueArgs } from "../object/queue-args";
import type { RunArgs } from "../object/run-args";
import type { ProgramArgs } from "../pods/program-args";
import type { SparkDependencies, SparkLanguage, SparkMetricsArgs, SparkS3Args } from "./spark-option-args";
import type { SparkDriverArgs, SparkDynamicAllocationArgs, SparkExecutorArgs } from "./spark-pod-args";

/** What a Spark application is made from, run once or at set times. Program, variables and volumes are of all its pods. */
export interface SparkApplicationArgs extends ObjectArgs, QueueArgs, ProgramArgs {
  /** Version of the Spark in the image, for example `4.0.1`, from 3.0.0. */
  sparkVersion: string;
  /** Language of the program; `Python` by default. */
  language?: SparkLanguage;
  /** Address of the program: a `.py`, `.R` or `.jar` file, in the image (`local:///opt/app/clean.py`) or in a store. */
  mainFile: pulumi.Input<string>;
  /** Class whose `main` is run; needed with Scala and Java, and allowed with nothing else. */
  mainClass?: pulumi.Input<string>;
  /** Arguments of the program; none by default. */
  args?: pulumi.Input<string>[];
  /** Not for Spark, whose images start driver and executors themselves. */
  command?: pulumi.Input<string>[];
  /** What the program needs beside its own file; nothing by default. */
  dependencies?: SparkDependencies;
  /** Properties of Spark, beside those that arguments set; none by default. */
  sparkConf?: Record<string, pulumi.Input<string>>;
  /** Properties of Hadoop, without the prefix `spark.hadoop.`, beside those that `s3` sets; none by default. */
  hadoopConf?: Record<string, pulumi.Input<string>>;
  /** The driver. */
  driver?: SparkDriverArgs;
  /** The executors. */
  executor?: SparkExecutorArgs;
  /** Lets the number of executors follow the work; fixed by default. Not together with a queue. */
  dynamicAllocation?: SparkDynamicAllocationArgs;
  /**
   * Service account of the driver, which makes pods, services and config maps; by default `spark`, which the SparkOperator
   * makes in each of its `jobNamespaces`. Its token is mounted in the driver, and not in executors.
   */
  serviceAccountName?: pulumi.Input<string>;
  /** Service account of executors, for their rights in AWS; the driver's by default. */
  executorServiceAccountName?: pulumi.Input<string>;
  /** Access to S3; none by default. */
  s3?: SparkS3Args;
  /** Address of the folder that Spark's history server reads, for example `s3a://lake/spark-events`; no history by default. */
  eventLog?: pulumi.Input<string>;
  /** Metrics for Prometheus; none by default. */
  metrics?: SparkMetricsArgs;
  /**
   * Scheduler that places all pods of the application together: `volcano`, `yunikorn` or another that the SparkOperator's
   * `batchScheduler` names; the cluster's own by default. Not together with a queue.
   */
  batchScheduler?: string;
  /** How often a failed application, or one that could not be submitted, runs again, from 0; 3 by default. */
  retries?: number;
  /** Seconds before the first repetition, from 1, and as many more before each further one; 30 by default. */
  retryIntervalSeconds?: number;
  /** Seconds after which the driver of one attempt is ended as failed, from 1; 86400 (a day) by default, to bound the cost. */
  attemptDeadlineSeconds?: number;
  /**
   * Seconds after which the operator deletes a finished application, from 1. Never by default: the stack owns a SparkJob's.
   * One that was deleted runs again in the first update after a refresh, and with the next change of its labels or
   * annotations even without one.
   */
  ttlSecondsAfterFinished?: number;
}

/** What a {@link SparkJob} is made from. */
export interface SparkJobArgs extends SparkApplicationArgs, RunArgs {}

/** What a {@link ScheduledSparkJob} is made from. */
export interface ScheduledSparkJobArgs extends SparkApplicationArgs {
  /** When it runs: a cron expression of five fields, for example `30 4 * * 1-5`, or a macro such as `@daily`. */
  schedule: string;
  /** Time zone of the schedule, for example `Europe/Berlin`; `UTC` by default. */
  timeZone?: string;
  /** What happens at a time of the schedule while the run before is still under way; `Forbid` by default. */
  concurrency?: CronConcurrency;
  /** Whether no further run starts; false by default. One that runs goes on. */
  suspend?: boolean;
  /** Runs that succeeded and are kept to be looked at, from 0; 1 by default. */
  successfulRunsKept?: number;
  /** Runs that failed and are kept to be looked at, from 0; 3 by default. */
  failedRunsKept?: number;
}
