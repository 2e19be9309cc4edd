import type { JobVolume } from "../../../../components";
import { FLAWS } from "../../../support/workloads/flaws";

const scratch = (name: string): JobVolume => ({ name, mountPath: `/mnt/${name}`, scratch: { sizeLimit: "20Gi" } });

const ofExecutor = (changes: object) => ({ executor: changes });
const rowOf = (path: string, changes: Record<string, unknown>): [string, Record<string, unknown>] => [path, changes];

/** Hardware of executors is what kinds of alike pods have at the top. */
const hardwareFlaws = FLAWS.hardware
  .filter(([, changes]) => !("memory" in changes) || !("sharedMemory" in changes))
  .map(([path, changes]) => rowOf(`executor.${path}`, ofExecutor(changes)));

/** What is wrong with arguments of Spark applications, run once or at set times. */
export const sparkWrongs: typeof FLAWS.program = [
  ...FLAWS.program,
  ...FLAWS.object,
  ...FLAWS.queue,
  ...hardwareFlaws,
  ["command", { command: ["python"] }],
  ["sparkVersion", { sparkVersion: "2.4.8" }],
  ["sparkVersion", { sparkVersion: "4" }],
  ["language", { language: "Go" }],
  ["mainFile", { language: "Python", mainFile: "local:///opt/app/clean.jar" }],
  ["mainClass", { language: "Scala", mainClass: undefined }],
  ["mainClass", { language: "R", mainClass: "Clean" }],
  ["executor.memory", { executor: { memory: "32G" } }],
  ["executor.memory", { executor: { memory: "512Mi" } }],
  ["executor.memoryOverhead", { executor: { memoryOverhead: "1.0001Mi" } }],
  ["executor.cores", { executor: { cores: 0 } }],
  ["executor.replicas", { dynamicAllocation: undefined, executor: { replicas: 0 } }],
  ["executor.replicas", { dynamicAllocation: { maxExecutors: 3 }, executor: { replicas: 2 } }],
  ["executor.efa", { executor: { gpus: 8, efa: 4 } }],
  ["executor.gpusPerTask", { executor: { gpus: 1, gpusPerTask: 0.75 } }],
  ["executor.gpusPerTask", { executor: { gpusPerTask: 1 } }],
  ["executor.gpusPerTask", { executor: { gpus: 1, gpuSharing: "time-slicing", gpusPerTask: 0.5 } }],
  ["executor.gpuDiscoveryScript", { executor: { gpus: 1, gpuDiscoveryScript: "gpus.sh" } }],
  ["executor.volumes[0].name", { executor: { volumes: [{ name: "A", mountPath: "/a", scratch: {} }] } }],
  [
    "executor.volumes[0].name",
    { executor: { volumes: [{ ...scratch("spark-local-dir-1"), scratch: undefined, secret: "a" }] } },
  ],
  ["executor.volumes[0].name", { driver: { volumes: [scratch("a")] }, executor: { volumes: [scratch("a")] } }],
  [
    "executor.volumes[0].mountPath",
    { volumes: [scratch("a")], executor: { volumes: [{ ...scratch("a"), name: "b" }] } },
  ],
  ["driver.memory", { driver: { memory: "512Mi" } }],
  ["driver.cpu", { driver: { cpu: "one" } }],
  ["driver.cores", { driver: { cores: 1.5 } }],
  ["driver.volumes[0].mountPath", { driver: { volumes: [{ ...scratch("a"), mountPath: "/opt/spark/conf" }] } }],
  ["dynamicAllocation", { queue: "default", dynamicAllocation: { maxExecutors: 2 } }],
  ["dynamicAllocation.maxExecutors", { dynamicAllocation: { maxExecutors: 0 } }],
  ["dynamicAllocation.minExecutors", { dynamicAllocation: { maxExecutors: 2, minExecutors: 3 } }],
  [
    "dynamicAllocation.initialExecutors",
    { dynamicAllocation: { maxExecutors: 2, minExecutors: 1, initialExecutors: 0 } },
  ],
  ["batchScheduler", { batchScheduler: "My Scheduler" }],
  ["batchScheduler", { queue: "default", batchScheduler: "volcano" }],
  ["dependencies.jars[0]", { dependencies: { jars: ["a.jar,b.jar"] } }],
  ["dependencies.packages[0]", { dependencies: { packages: ["org.postgresql:postgresql"] } }],
  ["dependencies.excludePackages[0]", { dependencies: { excludePackages: ["a:b:1"] } }],
  ['sparkConf["sql.shuffle.partitions"]', { sparkConf: { "sql.shuffle.partitions": "1" } }],
  ['sparkConf["spark.master"]', { sparkConf: { "spark.master": "local" } }],
  ['sparkConf["spark.executor.memory"]', { sparkConf: { "spark.executor.memory": "8g" } }],
  [
    'sparkConf["spark.metrics.conf"]',
    { metrics: { jmxExporterJar: "/a.jar" }, sparkConf: { "spark.metrics.conf": "/b" } },
  ],
  ['hadoopConf["spark.hadoop.fs.s3a.endpoint"]', { hadoopConf: { "spark.hadoop.fs.s3a.endpoint": "a" } }],
  ['hadoopConf["fs.s3a.secret.key"]', { hadoopConf: { "fs.s3a.secret.key": "a" } }],
  ['hadoopConf["fs.s3a.endpoint"]', { s3: {}, hadoopConf: { "fs.s3a.endpoint": "a" } }],
  ["s3.credentials", { s3: { credentials: "instance" } }],
  ["s3.credentials", { sparkVersion: "3.5.7", s3: {} }],
  ["s3.credentials", { s3: { credentials: "environment" }, secretEnv: {} }],
  ["s3.endpoint", { s3: { endpoint: "store:8333" } }],
  ["metrics.port", { metrics: { jmxExporterJar: "/a.jar", port: 80 } }],
  ["metrics.port", { metrics: { jmxExporterJar: "/a.jar", port: 4040 } }],
  ["retries", { retries: -1 }],
  ["retryIntervalSeconds", { retryIntervalSeconds: 0 }],
  ["attemptDeadlineSeconds", { attemptDeadlineSeconds: 0 }],
  ["ttlSecondsAfterFinished", { ttlSecondsAfterFinished: 0 }],
  ['labels["spark-role"]', { labels: { "spark-role": "x" } }],
  ['labels["sparkoperator.k8s.io/app-name"]', { labels: { "sparkoperator.k8s.io/app-name": "x" } }],
  ["objectName", { objectName: "1st" }],
];
