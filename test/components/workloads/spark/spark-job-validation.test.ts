import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { gpuPoolShape } from "../../../../components";
import { type SparkJobArgs, validateSparkJob } from "../../../../components/workloads/spark";

const program: SparkJobArgs = {
  image: "ghcr.io/acme/clean:1.4.0",
  sparkVersion: "4.0.1",
  mainFile: "local:///opt/app/clean.py",
};
const scratch = { name: "spark-local-dir-1", mountPath: "/mnt/spill", scratch: {} };

describe("validateSparkJob accepts", () => {
  it.each<[string, Partial<SparkJobArgs>]>([
    ["a file that is not known yet", { mainFile: pulumi.output("clean") }],
    ["the least memory", { driver: { memory: "896Mi" }, executor: { memory: "896Mi" } }],
    ["a fourth of a GPU for each task", { executor: { gpus: 1, gpusPerTask: 0.25 } }],
    ["all GPUs for each task", { executor: { gpus: 4, gpusPerTask: 4 } }],
    ["a name that leaves room for that of the driver", { objectName: "x".repeat(56) }],
    [
      "a property whose name only begins like that of an argument",
      { sparkConf: { "spark.executor.memoryFraction": "1" } },
    ],
    ["a folder for spilled data", { executor: { volumes: [scratch] } }],
    ["no executor while there is no work", { dynamicAllocation: { minExecutors: 0, maxExecutors: 1 } }],
    ["web identity with an old Spark", { sparkVersion: "3.5.7", s3: { credentials: "web-identity" } }],
  ])("%s", (_given, args) => {
    expect(validateSparkJob("clean", { ...program, ...args })).toEqual([]);
  });
});

describe("validateSparkJob refuses", () => {
  it.each<[string, Partial<SparkJobArgs>, string[]]>([
    [
      "a command",
      { command: ["python"] },
      ['command is ["python"]; allowed: nothing. Images of Spark start themselves; name the program in mainFile.'],
    ],
    [
      "a Spark without pod templates",
      { sparkVersion: "2.4.8" },
      ['sparkVersion is "2.4.8"; allowed: a version from 3.0.0 such as 4.0.1. Name that of the image.'],
    ],
    [
      "a file that Spark would take for another language's",
      { mainFile: "local:///opt/app/clean.jar" },
      [
        'mainFile is "local:///opt/app/clean.jar"; allowed: a .py file with language Python. ' +
          "Spark tells them apart by this.",
      ],
    ],
    [
      "a jar without a class",
      { language: "Scala", mainFile: "local:///opt/app/clean.jar" },
      ["mainClass is missing; allowed: a class with language Scala. Name the class to run."],
    ],
    [
      "memory that is no whole number of MiB",
      { executor: { memory: "32G" } },
      ['executor.memory is "32G"; allowed: a whole number of MiB, in which Spark counts. Write it like "4Gi".'],
    ],
    [
      "memory without room for Java's heap",
      { driver: { memory: "512Mi" } },
      [
        `driver.memory is "512Mi"; allowed: at least 896Mi: 512Mi for Java's heap beside the overhead. ` +
          "Ask for more memory, or for less of it as overhead.",
      ],
    ],
    [
      "overhead that leaves no room for Java's heap",
      { executor: { memory: "2Gi", memoryOverhead: "2Gi" } },
      [
        `executor.memory is "2Gi"; allowed: at least 2560Mi: 512Mi for Java's heap beside the overhead. ` +
          "Ask for more memory, or for less of it as overhead.",
      ],
    ],
    [
      "three quarters of a GPU, of which a quarter would be for nobody",
      { executor: { gpus: 2, gpusPerTask: 0.75 } },
      [
        "executor.gpusPerTask is 0.75; allowed: a whole number from 1 to 2, or above 0 and at most 0.5. " +
          "Set it to what one task takes of a GPU.",
      ],
    ],
    [
      "shares of a turn on a GPU",
      { executor: { gpus: 1, gpuSharing: "time-slicing", gpusPerTask: 0.5 } },
      [
        "executor.gpusPerTask is 0.5; allowed: nothing without whole GPUs. Ask for whole GPUs with gpus, or leave it out.",
      ],
    ],
    [
      "adapters that executors would not use",
      { executor: { gpus: 8, efa: 4 } },
      ["executor.efa is 4; allowed: 0. Executors exchange data over sockets; leave it out."],
    ],
    [
      "GPUs that no known pool has",
      { pools: [gpuPoolShape("small", { instanceType: "g5.xlarge", maxNodes: 2 })], executor: { gpus: 4 } },
      ["executor.gpus is 4 GPUs; allowed: small has 1 GPU per node. Ask for less, or for another pool."],
    ],
    [
      "a changing number of executors in a queue",
      { queue: "nightly", dynamicAllocation: { maxExecutors: 4 } },
      [
        "dynamicAllocation is given together with queue; allowed: a fixed number of executors. " +
          "Kueue counts the pods before they start; leave one of the two out.",
      ],
    ],
    [
      "two schedulers",
      { queue: "nightly", batchScheduler: "volcano" },
      ["batchScheduler is given together with queue; allowed: one of the two. Both would hold the pods back."],
    ],
    [
      "two numbers of executors",
      { executor: { replicas: 2 }, dynamicAllocation: { maxExecutors: 4 } },
      ["executor.replicas is given together with dynamicAllocation; allowed: one of the two. Leave one out."],
    ],
    [
      "a changing number of executors without an end",
      { dynamicAllocation: {} as { maxExecutors: number } },
      [
        "dynamicAllocation.maxExecutors is missing; allowed: a whole number from 1. Say how many executors there may be.",
      ],
    ],
    [
      "a credential, without telling it",
      { hadoopConf: { "fs.s3a.bucket.lake.secret.key": "hunter2" } },
      [
        'hadoopConf["fs.s3a.bucket.lake.secret.key"] is a credential that whoever reads the application reads; ' +
          'allowed: no credentials. Use s3 with the credentials "environment", and secretEnv.',
      ],
    ],
    [
      "Pod Identity with an SDK that does not know it",
      { sparkVersion: "3.5.7", s3: {} },
      [
        's3.credentials is "pod-identity"; allowed: web-identity or environment with Spark 3.5.7, whose SDK of AWS ' +
          "knows no Pod Identity. Set it to one of these, or use Spark 4.",
      ],
    ],
    [
      "credentials of the environment that are not there",
      { s3: { credentials: "environment" }, env: { AWS_ACCESS_KEY_ID: "AKIA" } },
      [
        "s3.credentials is environment without AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; " +
          "allowed: with both in secretEnv. Add them.",
      ],
    ],
    [
      "a folder for spilled data that cannot be written to",
      { volumes: [{ name: "spark-local-dir-1", mountPath: "/mnt/spill", configMap: "settings" }] },
      [
        'volumes[0].name is "spark-local-dir-1"; allowed: only scratch space or a claim by such a name. ' +
          "Spark spills data there.",
      ],
    ],
    [
      "a volume in the place of Spark's configuration",
      { volumes: [{ name: "conf", mountPath: "/opt/spark/conf", configMap: "settings" }] },
      ['volumes[0].mountPath is "/opt/spark/conf"; allowed: a path that Spark does not mount. Choose another.'],
    ],
    [
      "one name for volumes of driver and executors",
      { driver: { volumes: [scratch] }, executor: { volumes: [scratch] } },
      [
        'executor.volumes[0].name is "spark-local-dir-1"; allowed: a name that no other volume of the application has. ' +
          "Choose another.",
      ],
    ],
    [
      "a label that Spark sets",
      { labels: { "spark-role": "driver" } },
      [
        'labels["spark-role"] is set by Spark itself; allowed: labels that Spark and its operator do not set. ' +
          "Rename the label.",
      ],
    ],
    [
      "a name that no Service can have",
      { objectName: "2-clean" },
      [
        'objectName is "2-clean"; allowed: a name that begins with a letter. Services are called after it; put a letter before it.',
      ],
    ],
    [
      "a name without room for the metrics' volume",
      { objectName: "x".repeat(50), metrics: { jmxExporterJar: "/agent.jar" } },
      [
        `objectName is "${"x".repeat(50)}"; allowed: at most 49 characters before -prom-conf-vol, ` +
          "the volume of metrics. Shorten it.",
      ],
    ],
  ])("%s", (_given, args, reasons) => {
    expect(validateSparkJob("clean", { ...program, ...args }).map(({ reason }) => reason)).toEqual(reasons);
  });

  it.each<[key: string, remedy: string]>([
    ["spark.master", "The operator sets it; remove it."],
    ["spark.kubernetes.namespace", "The operator sets it; remove it."],
    ["spark.kubernetes.authenticate.driver.serviceAccountName", "Use serviceAccountName."],
    ["spark.kubernetes.authenticate.submission.oauthToken", "The operator sets it; remove it."],
    ["spark.kubernetes.container.image", "Use image."],
    ["spark.kubernetes.executor.podTemplateFile", "The operator sets it; remove it."],
    ["spark.kubernetes.driver.pod.name", "Names follow from objectName."],
    ["spark.kubernetes.executor.volumes.hostPath.root.mount.path", "Use volumes, of which none is of the node."],
    ["spark.kubernetes.driver.secretKeyRef.TOKEN", "Use secretEnv, or volumes."],
    ["spark.kubernetes.node.selector.disk", "Use pool of driver and executor."],
    ["spark.kubernetes.executor.label.team", "Use labels or annotations."],
    ["spark.kubernetes.driver.schedulerName", "Use batchScheduler."],
    ["spark.kubernetes.scheduler.name", "Use batchScheduler."],
    ["spark.executorEnv.TOKEN", "Use env."],
    ["spark.kubernetes.driverEnv.TOKEN", "Use env."],
    ["spark.executor.cores", "Use cores of driver or executor."],
    ["spark.kubernetes.executor.limit.cores", "Use cpu of driver or executor."],
    ["spark.driver.memory", "Use memory of driver or executor."],
    ["spark.executor.memoryOverhead", "Use memoryOverhead."],
    ["spark.executor.memoryOverheadFactor", "Use memoryOverhead."],
    ["spark.driver.minMemoryOverhead", "Use memoryOverhead."],
    ["spark.kubernetes.memoryOverheadFactor", "Use memoryOverhead."],
    ["spark.executor.instances", "Use executor.replicas."],
    ["spark.dynamicAllocation.enabled", "Use dynamicAllocation."],
    ["spark.driver.resource.gpu.amount", "Drivers get no GPU; use executor.gpus."],
    ["spark.task.resource.gpu.amount", "Use gpus and gpusPerTask of executor."],
    ["spark.eventLog.dir", "Use eventLog."],
    ["spark.ui.port", "Remove it: every driver has an address of its own."],
    ["spark.jars.packages", "Use dependencies."],
    ["spark.hadoop.fs.s3a.endpoint", "Use hadoopConf."],
  ])("the property %s", (key, remedy) => {
    expect(validateSparkJob("clean", { ...program, sparkConf: { [key]: "x" } }).map(({ reason }) => reason)).toEqual([
      `sparkConf["${key}"] is set by other means; allowed: properties that nothing else sets. ${remedy}`,
    ]);
  });
});
