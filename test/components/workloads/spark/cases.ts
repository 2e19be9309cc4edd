import fc from "fast-check";
import type { HardwareArgs, JobVolume } from "../../../../components";
import {
  ScheduledSparkJob,
  type ScheduledSparkJobArgs,
  scheduledSparkJobManifest,
  type SparkApplicationArgs,
  type SparkDependencies,
  type SparkDriverArgs,
  type SparkExecutorArgs,
  SparkJob,
  type SparkJobArgs,
  sparkJobManifest,
  type SparkS3Args,
  validateScheduledSparkJob,
  validateSparkJob,
} from "../../../../components/workloads/spark";
import {
  dnsLabel,
  hardwareArgs,
  joined,
  objectArgs,
  programArgs,
  queueArgs,
  someOf,
} from "../../../support/workloads/arguments";
import { flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";
import { sparkWrongs } from "./wrongs";

const image = "ghcr.io/acme/clean:1.4.0";
const program = { image, sparkVersion: "4.0.1", mainFile: "local:///opt/app/clean.py" };

/** Memory that is a whole number of MiB and large enough for any overhead below. */
const memory = fc.constantFrom("2Gi", "4Gi", "1536Mi", "2.5Gi", "64Gi");

const scratch = (name: string): JobVolume => ({ name, mountPath: `/mnt/${name}`, scratch: { sizeLimit: "20Gi" } });

const driver: fc.Arbitrary<SparkDriverArgs> = someOf<SparkDriverArgs>({
  cores: fc.integer({ min: 1, max: 8 }),
  cpu: fc.constantFrom("500m", "1", "2.5"),
  memory,
  memoryOverhead: fc.constantFrom("256Mi", "1Gi"),
  pool: dnsLabel(),
  tolerations: fc.constant([{ key: "night" }]),
  architecture: fc.constantFrom("amd64", "arm64"),
  volumes: fc.constant([scratch("of-driver")]),
});

const plainExecutor = someOf<SparkExecutorArgs>({
  replicas: fc.integer({ min: 1, max: 50 }),
  cores: fc.integer({ min: 1, max: 16 }),
  memory,
  memoryOverhead: fc.constantFrom("256Mi", "512Mi"),
  volumes: fc.constant([scratch("spark-local-dir-1"), scratch("of-executors")]),
} as never);

/** Sockets are what executors have; adapters are refused. */
const hardware = hardwareArgs(0).map(({ efa: _efa, memory: _memory, ...rest }): HardwareArgs => rest);

const gpuExecutor = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(1, 0.5, 0.125, undefined), fc.boolean())
  .map(([gpus, gpusPerTask, ownScript]): SparkExecutorArgs => ({
    gpus,
    ...(gpusPerTask === undefined ? {} : { gpusPerTask }),
    ...(ownScript ? { gpuDiscoveryScript: "/opt/gpus.sh" } : {}),
  }));

const executor: fc.Arbitrary<SparkExecutorArgs> = joined(plainExecutor, fc.oneof(hardware, gpuExecutor));

const languages = fc.constantFrom<Pick<SparkApplicationArgs, "language" | "mainFile" | "mainClass">>(
  { mainFile: "local:///opt/app/clean.py" },
  { language: "Python", mainFile: "s3a://lake/jobs/clean.py" },
  { language: "R", mainFile: "local:///opt/app/clean.R" },
  { language: "Scala", mainFile: "local:///opt/app/clean.jar", mainClass: "com.example.Clean" },
  { language: "Java", mainFile: "https://example.com/clean.jar", mainClass: "com.example.Clean" },
);

const addresses = fc.array(fc.constantFrom("local:///opt/lib/a.zip", "s3a://lake/lib/b.zip"), { maxLength: 2 });

const dependencies = someOf<SparkDependencies>({
  jars: addresses,
  files: addresses,
  archives: addresses,
  pyFiles: addresses,
  packages: fc.constant(["org.postgresql:postgresql:42.7.4"]),
  excludePackages: fc.constant(["org.slf4j:slf4j-api"]),
  repositories: fc.constant(["https://repo.example.com/maven"]),
});

const s3: fc.Arbitrary<SparkS3Args> = someOf<SparkS3Args>({
  credentials: fc.constantFrom("pod-identity", "web-identity"),
  region: fc.constant("eu-central-1"),
  endpoint: fc.constant("http://seaweedfs-s3.storage.svc:8333"),
  pathStyleAccess: fc.boolean(),
});

const options = someOf<Partial<SparkApplicationArgs>>({
  dependencies,
  sparkConf: fc.dictionary(
    fc.constantFrom("spark.sql.shuffle.partitions", "spark.driver.extraJavaOptions", "spark.executor.extraJavaOptions"),
    fc.constantFrom("200", "-Dx=y"),
    { noNullPrototype: true },
  ),
  hadoopConf: fc.constant({ "fs.s3a.connection.maximum": "64" }),
  driver,
  serviceAccountName: dnsLabel(),
  executorServiceAccountName: dnsLabel(),
  s3,
  eventLog: fc.constant("s3a://lake/spark-events"),
  metrics: fc.record({
    jmxExporterJar: fc.constant("/prometheus/agent.jar"),
    port: fc.integer({ min: 8000, max: 49_151 }),
  }),
  retries: fc.integer({ min: 0, max: 9 }),
  retryIntervalSeconds: fc.integer({ min: 1, max: 3600 }),
  attemptDeadlineSeconds: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  ttlSecondsAfterFinished: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
} as never);

/** Either in a queue, or of a changing size or another scheduler's. */
const waiting = fc.oneof(
  queueArgs,
  fc.constantFrom<Partial<SparkApplicationArgs>>(
    { dynamicAllocation: { maxExecutors: 8 } },
    { dynamicAllocation: { minExecutors: 1, initialExecutors: 2, maxExecutors: 3 } },
    { batchScheduler: "volcano" },
  ),
);

const ofProgram = programArgs.map(({ command: _command, ...rest }) => rest);

const applicationArgs: fc.Arbitrary<SparkApplicationArgs> = fc
  .tuple(joined(ofProgram, objectArgs), languages, options, executor, waiting)
  .map(([frame, language, chosen, ofExecutors, wait]): SparkApplicationArgs => {
    const { replicas: _replicas, ...resizable } = ofExecutors;
    const isResized = "dynamicAllocation" in wait;
    return {
      ...frame,
      sparkVersion: "4.0.1",
      ...language,
      ...chosen,
      executor: isResized ? resizable : ofExecutors,
      ...wait,
    };
  });

const sparkJobArgs: fc.Arbitrary<SparkJobArgs> = joined(
  applicationArgs,
  fc.oneof(
    someOf<SparkJobArgs>({ waitForCompletion: fc.boolean() } as never),
    fc.record({ waitForCompletion: fc.constant(true), waitSeconds: fc.integer({ min: 1, max: 9999 }) }),
  ),
);

const scheduledArgs: fc.Arbitrary<ScheduledSparkJobArgs> = joined(
  applicationArgs,
  fc.record(
    {
      schedule: fc.constantFrom("30 4 * * 1-5", "*/15 0-6,22 1 jan,JUL *", "@daily"),
      timeZone: fc.constantFrom("UTC", "Europe/Berlin"),
      concurrency: fc.constantFrom("Forbid", "Replace", "Allow"),
      suspend: fc.boolean(),
      successfulRunsKept: fc.integer({ min: 0, max: 5 }),
      failedRunsKept: fc.integer({ min: 0, max: 5 }),
      objectName: dnsLabel(20),
    },
    { requiredKeys: ["schedule"] },
  ),
);

/** The kinds that are Spark applications. */
export const sparkCases = [
  workloadCase<SparkJobArgs>({
    component: "SparkJob",
    create: (name, args, opts) => new SparkJob(name, args, opts),
    validate: validateSparkJob,
    objects: (name, args) => [sparkJobManifest(name, args)],
    variants: {
      minimal: program,
      gpus: { ...program, executor: { replicas: 4, gpus: 1, gpusPerTask: 0.25, pool: "train" } },
      "shared-gpus": { ...program, executor: { gpus: 1, gpuSharing: "time-slicing" } },
      dynamic: {
        image,
        sparkVersion: "3.5.7",
        language: "Scala",
        mainFile: "local:///opt/app/clean.jar",
        mainClass: "com.example.Clean",
        args: ["--day", "2026-11-26"],
        dynamicAllocation: { minExecutors: 2, maxExecutors: 20 },
        executor: { cpu: "4", memory: "16Gi", volumes: [scratch("spark-local-dir-1")] },
        s3: { credentials: "web-identity", region: "eu-central-1" },
        eventLog: "s3a://lake/spark-events",
        runAsUser: 185,
      },
      "all-options": {
        ...program,
        driver: { cores: 2, cpu: "1500m", memory: "4Gi", memoryOverhead: "1Gi", pool: "system" },
        executor: { replicas: 8, cores: 3, cpu: "2", memory: "8Gi", tolerations: [{ key: "night" }] },
        dependencies: { pyFiles: ["local:///opt/app/lib.zip"], packages: ["org.postgresql:postgresql:42.7.4"] },
        sparkConf: { "spark.sql.shuffle.partitions": "64", "spark.driver.extraJavaOptions": "-Duser.timezone=UTC" },
        hadoopConf: { "fs.s3a.connection.maximum": "64" },
        s3: { credentials: "environment", endpoint: "http://seaweedfs-s3.storage.svc:8333" },
        secretEnv: {
          AWS_ACCESS_KEY_ID: { name: "store", key: "id" },
          AWS_SECRET_ACCESS_KEY: { name: "store", key: "secret" },
        },
        volumes: [{ name: "data", mountPath: "/data", persistentVolumeClaim: "demand" }],
        metrics: { jmxExporterJar: "/prometheus/jmx_prometheus_javaagent-1.5.0.jar" },
        serviceAccountName: "etl",
        executorServiceAccountName: "etl-data",
        queue: "nightly",
        queuePriority: "high",
        retries: 1,
        attemptDeadlineSeconds: 7200,
        ttlSecondsAfterFinished: 86_400,
        objectName: "clean",
        namespace: "etl",
        lineage: { commit: "0123abc", data: "s3://lake/demand/?versionId=7" },
      },
    },
    args: sparkJobArgs,
    flaws: flawed(sparkJobArgs, [
      ...sparkWrongs,
      ["objectName", { objectName: "x".repeat(57) }],
      ["objectName", { objectName: "x".repeat(50), metrics: { jmxExporterJar: "/a.jar" } }],
      ["waitSeconds", { waitForCompletion: true, waitSeconds: 0 }],
      ["waitSeconds", { waitForCompletion: false, waitSeconds: 60 }],
    ]),
  }),
  workloadCase<ScheduledSparkJobArgs>({
    component: "ScheduledSparkJob",
    create: (name, args, opts) => new ScheduledSparkJob(name, args, opts),
    validate: validateScheduledSparkJob,
    objects: (name, args) => [scheduledSparkJobManifest(name, args)],
    variants: {
      minimal: { ...program, schedule: "30 4 * * *" },
      "in-a-zone": {
        ...program,
        schedule: "@weekly",
        timeZone: "Europe/Berlin",
        concurrency: "Replace",
        suspend: true,
      },
    },
    args: scheduledArgs,
    flaws: flawed(scheduledArgs, [
      ...sparkWrongs,
      ["objectName", { objectName: "x".repeat(41) }],
      ["schedule", { schedule: "@every 3m" }],
      ["schedule", { schedule: "60 * * * *" }],
      ["schedule", { schedule: "CRON_TZ=UTC 0 4 * * *" }],
      ["timeZone", { timeZone: "Berlin" }],
      ["concurrency", { concurrency: "Sometimes" }],
      ["successfulRunsKept", { successfulRunsKept: -1 }],
      ["failedRunsKept", { failedRunsKept: 0.5 }],
    ]),
  }),
];
