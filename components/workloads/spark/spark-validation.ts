import {
  checkDnsLabel,
  checkEnum,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  isPlain,
  problemAt,
} from "../../internal";
import { checkCronSchedule, checkTimeZone } from "../object/cron-schedule";
import { CronConcurrency } from "../object/cron-concurrency";
import { checkObject, checkQueue, checkRun, checkServiceName } from "../object/object-validation";
import { checkProgram } from "../pods/pod-validation";
import type { ScheduledSparkJobArgs, SparkApplicationArgs, SparkJobArgs } from "./spark-args";
import { majorOf } from "./spark-conf";
import { checkS3, checkSparkConf } from "./spark-conf-validation";
import { SparkLanguage, SparkS3Credentials } from "./spark-option-args";
import { checkSparkPods } from "./spark-pod-validation";
import { checkSparkVolumes } from "./spark-volume-validation";

/** First Spark whose pods take what the operator's fields do not say from a template. */
const OLDEST_SPARK = 3;

/**
 * Labels that Spark sets itself; an application that has them is not submitted.
 *
 * @see https://github.com/apache/spark/blob/v4.0.1/resource-managers/kubernetes/core/src/main/scala/org/apache/spark/deploy/k8s/KubernetesConf.scala
 */
const SPARK_LABELS = ["spark-app-selector", "spark-app-name", "spark-role", "spark-version", "spark-exec-id"];

/** How files of each language end, by which Spark tells what it is to run. */
const FILE_ENDINGS: Record<SparkLanguage, string> = {
  [SparkLanguage.python]: ".py",
  [SparkLanguage.r]: ".R",
  [SparkLanguage.scala]: ".jar",
  [SparkLanguage.java]: ".jar",
};

/** What names are lengthened by: the volume of metrics, which must stay a DNS label. */
const METRICS_SUFFIX = "-prom-conf-vol".length;

/** Checks a SparkJob's inputs as far as they are known. */
export function validateSparkJob(name: string, args: SparkJobArgs): InputProblem[] {
  const room =
    args.metrics === undefined
      ? { taken: "-driver".length, reason: "before -driver" }
      : { taken: METRICS_SUFFIX, reason: "before -prom-conf-vol, the volume of metrics" };
  return [
    ...checkApplication(args),
    ...checkRun(args),
    ...checkObject(name, args, room),
    ...checkServiceName(args.objectName ?? name),
  ];
}

/** Each run has the time after a hyphen, in nanoseconds. */
const RUN_SUFFIX = "-1790000000000000000".length;

/** Checks a ScheduledSparkJob's inputs as far as they are known. */
export function validateScheduledSparkJob(name: string, args: ScheduledSparkJobArgs): InputProblem[] {
  // A few characters are left for what Spark adds; it shortens what becomes too long, and cuts names in the middle then.
  const taken = RUN_SUFFIX + (args.metrics === undefined ? 3 : METRICS_SUFFIX);
  return [
    ...checkApplication(args),
    ...checkCronSchedule("schedule", args.schedule),
    ...checkTimeZone("timeZone", args.timeZone),
    ...checkEnum("concurrency", args.concurrency, CronConcurrency),
    ...checkWholeNumber("successfulRunsKept", args.successfulRunsKept, { min: 0 }),
    ...checkWholeNumber("failedRunsKept", args.failedRunsKept, { min: 0 }),
    ...checkObject(name, args, { taken, reason: "before the time of each run" }),
    ...checkServiceName(args.objectName ?? name),
  ];
}

function checkApplication(args: SparkApplicationArgs): InputProblem[] {
  return [
    ...checkProgram("", args),
    ...checkProgramFile(args),
    ...checkSparkPods(args),
    ...checkSparkVolumes(args),
    ...checkDependencies(args),
    ...checkSparkConf(args),
    ...checkEnum("s3.credentials", args.s3?.credentials, SparkS3Credentials),
    ...checkS3(args),
    ...checkMetrics(args),
    ...checkWholeNumber("retries", args.retries, { min: 0 }),
    ...checkWholeNumber("retryIntervalSeconds", args.retryIntervalSeconds, { min: 1 }),
    ...checkWholeNumber("attemptDeadlineSeconds", args.attemptDeadlineSeconds, { min: 1 }),
    ...checkWholeNumber("ttlSecondsAfterFinished", args.ttlSecondsAfterFinished, { min: 1 }),
    ...Object.keys(args.labels ?? {}).flatMap(checkLabel),
    ...checkQueue(args),
    ...checkWaiting(args),
  ];
}

function checkProgramFile(args: SparkApplicationArgs): InputProblem[] {
  const { sparkVersion, language = SparkLanguage.python, mainFile, mainClass, command } = args;
  const problems = checkEnum("language", language, SparkLanguage);
  const ending = FILE_ENDINGS[language];
  const isJava = ending === ".jar";
  return [
    ...problems,
    ...(command === undefined
      ? []
      : [
          inputProblem(
            "command",
            command,
            "nothing",
            "Images of Spark start themselves; name the program in mainFile.",
          ),
        ]),
    ...(/^\d+\.\d+\.\d+$/.test(sparkVersion) && majorOf(sparkVersion) >= OLDEST_SPARK
      ? []
      : [inputProblem("sparkVersion", sparkVersion, "a version from 3.0.0 such as 4.0.1", "Name that of the image.")]),
    ...(problems.length === 0 && isPlain(mainFile) && !mainFile.endsWith(ending)
      ? [
          inputProblem(
            "mainFile",
            mainFile,
            `a ${ending} file with language ${language}`,
            "Spark tells them apart by this.",
          ),
        ]
      : []),
    ...(problems.length === 0 && isJava && (mainClass === undefined || mainClass === "")
      ? [inputProblem("mainClass", mainClass, `a class with language ${language}`, "Name the class to run.")]
      : []),
    ...(problems.length === 0 && !isJava && mainClass !== undefined
      ? [problemAt("mainClass", "given", `nothing with language ${language}`, "Leave it out.")]
      : []),
  ];
}

/** Spark is handed lists in one argument, with commas between their entries. */
function checkDependencies({ dependencies = {} }: SparkApplicationArgs): InputProblem[] {
  return Object.entries(dependencies).flatMap(([list, entries]) =>
    ((entries ?? []) as SparkApplicationArgs["mainFile"][]).flatMap((entry, index) => {
      const path = `dependencies.${list}[${index}]`;
      if (!isPlain(entry)) return [];
      const coordinates = { packages: /^[^:,\s]+:[^:,\s]+:[^:,\s]+$/, excludePackages: /^[^:,\s]+:[^:,\s]+$/ }[list];
      if (coordinates !== undefined && !coordinates.test(entry)) {
        const allowed = list === "packages" ? "group:artifact:version" : "group:artifact";
        return [inputProblem(path, entry, allowed, "Write it as Maven does.")];
      }
      if (/^[^,\s]+$/.test(entry)) return [];
      return [inputProblem(path, entry, "one address, without commas and spaces", "Give each an entry of its own.")];
    }),
  );
}

/** Ports that drivers and executors listen on by themselves. */
const SPARK_PORTS = [4040, 7078, 7079];

function checkMetrics({ metrics }: SparkApplicationArgs): InputProblem[] {
  const port = metrics?.port;
  const isTaken = port !== undefined && SPARK_PORTS.includes(port);
  const allowed = `any port but ${SPARK_PORTS.join(", ")}`;
  return [
    ...checkWholeNumber("metrics.port", port, { min: 1024, max: 49_151 }),
    ...(isTaken ? [inputProblem("metrics.port", port, allowed, "Spark itself listens on these; choose another.")] : []),
  ];
}

function checkLabel(key: string): InputProblem[] {
  if (!SPARK_LABELS.includes(key) && !key.startsWith("sparkoperator.k8s.io/")) return [];
  const path = `labels["${key}"]`;
  return [problemAt(path, "set by Spark itself", "labels that Spark and its operator do not set", "Rename the label.")];
}

/** Who says when an application starts, and with how many pods. */
function checkWaiting({ queue, batchScheduler, dynamicAllocation }: SparkApplicationArgs): InputProblem[] {
  const remedy = "Kueue counts the pods before they start; leave one of the two out.";
  return [
    ...(batchScheduler === undefined ? [] : checkDnsLabel("batchScheduler", batchScheduler)),
    ...(queue !== undefined && dynamicAllocation !== undefined
      ? [problemAt("dynamicAllocation", "given together with queue", "a fixed number of executors", remedy)]
      : []),
    ...(queue !== undefined && batchScheduler !== undefined
      ? [problemAt("batchScheduler", "given together with queue", "one of the two", "Both would hold the pods back.")]
      : []),
  ];
}
