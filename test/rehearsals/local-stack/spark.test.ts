import { beforeAll, describe, expect, test } from "vitest";
import { type SparkJobArgs, sparkJobManifest } from "../../../components";
import { eventually } from "../../support/cluster";
import { RehearsedFaults } from "../../support/rehearsed-faults";
import { sharedStack } from "./stack";

const namespace = "ml";
const spark = { group: "sparkoperator.k8s.io", version: "v1beta2", namespace, plural: "sparkapplications" };

/** Spark starts a JVM for each try. */
const PATIENCE = 150_000;

const job: SparkJobArgs = {
  namespace,
  image: "registry.example.com/etl:1",
  sparkVersion: "4.0.1",
  mainFile: "local:///app/etl.py",
  executor: { cpu: "100m", memory: "512Mi" },
  serviceAccountName: "refit-spark",
  runAsUser: 185,
  annotations: { "mlstack.dev/simulate": "run" },
};

interface Status {
  applicationState?: { state: string; errorMessage?: string };
}

describe("the driver of a Spark application", { timeout: 300_000 }, () => {
  const stack = sharedStack();
  // All submit at once, as each starts a JVM.
  beforeAll(async () => {
    await stack.create(
      sparkJobManifest("growing", { ...job, dynamicAllocation: { minExecutors: 1, maxExecutors: 4 } }),
    );
    const failing = sparkJobManifest("failing", { ...job, retries: 0 }) as { spec: { executor: object } };
    const annotations = { "mlstack.dev/simulate": "fail after=500ms" };
    failing.spec.executor = { ...failing.spec.executor, annotations };
    await stack.create(failing);
    await stack.create(
      sparkJobManifest("short-of-nodes", {
        ...job,
        retries: 0,
        executor: { replicas: 2, cpu: "1000", memory: "512Mi" },
        annotations: { "mlstack.dev/simulate": "succeed after=500ms" },
      }),
    );
  });

  const executorsOf = async (name: string) => {
    const labelSelector = `spark-role=executor,sparkoperator.k8s.io/app-name=${name}`;
    return (await stack.core.listNamespacedPod({ namespace, labelSelector })).items;
  };
  const running = async (name: string, count: number) => {
    const pods = await executorsOf(name);
    const alive = pods.filter(
      ({ metadata, status }) => status?.phase === "Running" && metadata?.deletionTimestamp === undefined,
    );
    return alive.length === count && alive;
  };

  test("asks for more executors while there is work, up to the most", async () => {
    await eventually("there are four", () => running("growing", 4), PATIENCE);
  });

  test("replaces one that is lost while the operator is away", async () => {
    const before = await executorsOf("growing");
    await (await RehearsedFaults.on(stack)).killController("sparkOperator");
    const { name = "" } = before[0]!.metadata!;
    await stack.core.deleteNamespacedPod({ name, namespace });
    const after = await eventually("there are four again", () => running("growing", 4), PATIENCE);
    expect(after.map(({ metadata }) => metadata?.name)).not.toContain(name);
    await stack.custom.deleteNamespacedCustomObject({ ...spark, name: "growing" });
  });

  test("ends when more of them have failed than may, and the operator says so", async () => {
    const status = await eventually(
      "the application has failed",
      async () => {
        const found = (await stack.custom.getNamespacedCustomObject({ ...spark, name: "failing" })) as {
          status?: Status;
        };
        return found.status?.applicationState?.state === "FAILED" && found.status;
      },
      PATIENCE,
    );
    expect(status.applicationState?.errorMessage).toContain("ExitCode: 11");
    expect(await executorsOf("failing")).toEqual([]);
  });

  test("begins its work without executors after half a minute, not before", async () => {
    const labelSelector = "spark-role=driver,sparkoperator.k8s.io/app-name=short-of-nodes";
    const driver = await eventually(
      "the driver has ended",
      async () => {
        const [found] = (await stack.core.listNamespacedPod({ namespace, labelSelector })).items;
        return found?.status?.phase === "Succeeded" && found;
      },
      PATIENCE,
    );
    const { startedAt, finishedAt } = driver.status!.containerStatuses![0]!.state!.terminated!;
    expect(finishedAt!.getTime() - startedAt!.getTime()).toBeGreaterThanOrEqual(29_000);
  });
});
