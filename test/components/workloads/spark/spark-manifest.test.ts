import { describe, expect, it } from "vitest";
import { podSetsOf } from "../../../../components/model";
import type { Tree } from "../../../../components/model/tree";
import {
  scheduledSparkJobManifest,
  type SparkJobArgs,
  sparkJobManifest,
  type SparkS3Args,
} from "../../../../components/workloads/spark";

const program: SparkJobArgs = {
  image: "ghcr.io/acme/clean:1.4.0",
  sparkVersion: "4.0.1",
  mainFile: "local:///opt/app/clean.py",
};

interface Pod {
  cores: number;
  coreRequest: string;
  gpu?: object;
  serviceAccount: string;
  javaOptions?: string;
  nodeSelector?: object;
  template: { spec: object };
  volumeMounts?: object[];
}

interface ApplicationSpec {
  driver: Pod;
  executor: Pod;
  restartPolicy: object;
  sparkConf?: object;
  hadoopConf?: object;
  volumes?: object[];
}

function specOf(args: Partial<SparkJobArgs>): ApplicationSpec {
  return sparkJobManifest("clean", { ...program, ...args }).spec as ApplicationSpec;
}

describe("the driver of a Spark application", () => {
  it("has the token of its account, which executors have not, and ends after a day", () => {
    const { driver, executor } = specOf({});
    expect(driver.template.spec).toMatchObject({ automountServiceAccountToken: true, activeDeadlineSeconds: 86_400 });
    expect(executor.template.spec).toMatchObject({ automountServiceAccountToken: false });
  });

  it("keeps off the pool of its executors", () => {
    const { driver, executor } = specOf({ executor: { pool: "train", gpus: 1 } });
    expect(executor.nodeSelector).toEqual({ "mlstack.dev/pool": "train" });
    expect(driver).not.toHaveProperty("nodeSelector");
    expect(driver).not.toHaveProperty("tolerations");
    expect(driver).not.toHaveProperty("gpu");
  });

  it("runs on machines that can run the executors' image", () => {
    const arm64 = { "kubernetes.io/arch": "arm64" };
    const { driver, executor } = specOf({ executor: { architecture: "arm64" } });
    expect([driver.nodeSelector, executor.nodeSelector]).toEqual([arm64, arm64]);
  });
});

describe("tasks at a time", () => {
  it.each([
    [undefined, "1", 1],
    ["500m", "500m", 1],
    ["2.5", "2.5", 2],
    ["8", "8", 8],
  ])("are as many as whole CPUs in %s", (cpu, coreRequest, cores) => {
    expect(specOf({ executor: cpu === undefined ? {} : { cpu } }).executor).toMatchObject({ cores, coreRequest });
  });

  it("are what is asked for, whatever the CPUs", () => {
    expect(specOf({ executor: { cpu: "2", cores: 6 } }).executor).toMatchObject({ cores: 6, coreRequest: "2" });
  });
});

describe("accounts", () => {
  it.each([
    [{}, "spark", "spark"],
    [{ serviceAccountName: "etl" }, "etl", "etl"],
    [{ executorServiceAccountName: "data" }, "spark", "data"],
  ])("of %j are %s and %s", (args, ofDriver, ofExecutors) => {
    const { driver, executor } = specOf(args);
    expect([driver.serviceAccount, executor.serviceAccount]).toEqual([ofDriver, ofExecutors]);
  });
});

describe("options of Java", () => {
  it("are told by their own fields, to which the operator adds its own", () => {
    const sparkConf = { "spark.driver.extraJavaOptions": "-Da=b", "spark.executor.extraJavaOptions": "-Dc=d" };
    const spec = specOf({ sparkConf });
    expect([spec.driver.javaOptions, spec.executor.javaOptions]).toEqual(["-Da=b", "-Dc=d"]);
    expect(spec).not.toHaveProperty("sparkConf");
  });
});

describe("a failed application", () => {
  it("is repeated three times", () => {
    expect(specOf({}).restartPolicy).toMatchObject({ type: "OnFailure", onFailureRetries: 3 });
  });

  it("is not repeated where that is said", () => {
    expect(specOf({ retries: 0 }).restartPolicy).toEqual({ type: "Never" });
  });
});

describe("credentials of S3", () => {
  const provider = "fs.s3a.aws.credentials.provider";
  const sdk2 = "software.amazon.awssdk.auth.credentials";
  it.each<[string, SparkS3Args, string]>([
    ["4.0.1", {}, "org.apache.hadoop.fs.s3a.auth.IAMInstanceCredentialsProvider"],
    ["4.0.1", { credentials: "web-identity" }, `${sdk2}.WebIdentityTokenFileCredentialsProvider`],
    ["4.0.1", { credentials: "environment" }, `${sdk2}.EnvironmentVariableCredentialsProvider`],
    ["3.5.7", { credentials: "web-identity" }, "com.amazonaws.auth.WebIdentityTokenCredentialsProvider"],
    ["3.5.7", { credentials: "environment" }, "com.amazonaws.auth.EnvironmentVariableCredentialsProvider"],
  ])("with Spark %s and %j come from %s", (sparkVersion, s3, name) => {
    expect(specOf({ sparkVersion, s3 }).hadoopConf).toEqual({ [provider]: name });
  });

  it("are those of S3, in whose addresses buckets are hosts, unless there is another store", () => {
    const endpoint = "http://store.storage.svc:8333";
    expect(specOf({ s3: { region: "eu-central-1" } }).hadoopConf).toMatchObject({
      "fs.s3a.endpoint.region": "eu-central-1",
    });
    expect(specOf({ s3: { endpoint } }).hadoopConf).toMatchObject({
      "fs.s3a.endpoint": endpoint,
      "fs.s3a.path.style.access": "true",
    });
  });
});

describe("volumes", () => {
  const volume = (name: string) => ({ name, mountPath: `/mnt/${name}`, scratch: {} });

  it("are in the application once, and in each pod that has them", () => {
    const spec = specOf({
      volumes: [volume("both")],
      driver: { volumes: [volume("first")] },
      executor: { volumes: [volume("spark-local-dir-1")] },
    });
    const names = (list: object[] = []) => list.map((each) => (each as { name: string }).name);
    expect(names(spec.volumes)).toEqual(["both", "first", "spark-local-dir-1"]);
    expect(names(spec.driver.volumeMounts)).toEqual(["both", "first"]);
    expect(names(spec.executor.volumeMounts)).toEqual(["both", "spark-local-dir-1"]);
  });
});

describe("the pods of an application", () => {
  const told = (manifest: object) => podSetsOf(manifest as Tree).map(({ count }) => count);

  it("are found by whoever counts them: a driver, and as many executors as there may be", () => {
    expect(told(sparkJobManifest("clean", { ...program, executor: { replicas: 4 } }))).toEqual([1, 4]);
    expect(told(sparkJobManifest("clean", { ...program, dynamicAllocation: { maxExecutors: 9 } }))).toEqual([1, 9]);
    const scheduled = scheduledSparkJobManifest("clean", {
      ...program,
      schedule: "@daily",
      executor: { replicas: 2 },
    });
    expect(told(scheduled)).toEqual([1, 2]);
  });
});
