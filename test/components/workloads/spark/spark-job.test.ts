import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ScheduledSparkJob, SparkJob, type SparkJobArgs } from "../../../../components/workloads/spark";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const args: SparkJobArgs = {
  image: "ghcr.io/acme/clean:1.4.0",
  sparkVersion: "4.0.1",
  mainFile: "local:///opt/app/clean.py",
};

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("SparkJob", () => {
  it("creates one SparkApplication and nothing else", async () => {
    new SparkJob("clean", args);
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:SparkJob clean",
      "kubernetes:sparkoperator.k8s.io/v1beta2:SparkApplication clean-application < clean",
    ]);
  });

  it("runs anew when its spec changes, once the old run's name is free", async () => {
    new SparkJob("clean", args);
    expect(await program.resource("clean-application")).toMatchObject({
      replaceOnChanges: ["spec"],
      deleteBeforeReplace: true,
    });
  });

  it("is left to its operator unless it is waited for", async () => {
    new SparkJob("clean", args);
    const { inputs, createTimeout } = await program.resource("clean-application");
    expect(inputs["metadata"]).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
    expect(createTimeout).toBe("");
  });

  it.each([
    { seconds: "four days and the breaks between them", given: {}, timeout: "345780s" },
    { seconds: "as long as its attempts may take", given: { attemptDeadlineSeconds: 3600 }, timeout: "14580s" },
    { seconds: "a day where it is tried once", given: { retries: 0 }, timeout: "86400s" },
    {
      seconds: "as long as all attempts and longer and longer breaks may take",
      given: { retries: 2, retryIntervalSeconds: 100, attemptDeadlineSeconds: 600 },
      timeout: "2100s",
    },
    {
      seconds: "no longer than a duration can be",
      given: { retries: 9, attemptDeadlineSeconds: 2 ** 31 - 1 },
      timeout: "2147483647s",
    },
    { seconds: "as long as it is told to", given: { attemptDeadlineSeconds: 3600, waitSeconds: 60 }, timeout: "60s" },
  ])("is waited for until it has completed, for $seconds", async ({ given, timeout }) => {
    new SparkJob("clean", { ...args, ...given, waitForCompletion: true });
    const { inputs, createTimeout } = await program.resource("clean-application");
    expect(inputs["metadata"]).toMatchObject({
      annotations: { "pulumi.com/waitFor": "jsonpath={.status.applicationState.state}=COMPLETED" },
    });
    expect(createTimeout).toBe(timeout);
  });

  it("advises to take one bigger executor before several with GPUs", async () => {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    new SparkJob("clean", { ...args, executor: { replicas: 4, gpus: 1 } });
    new SparkJob("shared", { ...args, executor: { replicas: 4, gpus: 1, gpuSharing: "time-slicing" } });
    new SparkJob("resized", { ...args, executor: { gpus: 1 }, dynamicAllocation: { maxExecutors: 4 } });
    new ScheduledSparkJob("nightly", { ...args, schedule: "@daily", executor: { replicas: 2, gpus: 1 } });
    await program.resources();
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      "[SIZE-01] SparkJob clean: executor.replicas is 4 pods with 1 GPU each; allowed: one pod with 4 GPUs, as long as one " +
        "machine has them. Ask for 4 GPUs in one pod on a machine with 4 GPUs or more: they exchange data faster than a " +
        "network does.",
      "[SIZE-01] ScheduledSparkJob nightly: executor.replicas is 2 pods with 1 GPU each; allowed: one pod with 2 GPUs, as " +
        "long as one machine has them. Ask for 2 GPUs in one pod on a machine with 2 GPUs or more: they exchange data faster " +
        "than a network does.",
    ]);
    warn.mockRestore();
  });

  it("tells where its driver is", async () => {
    const job = new SparkJob("clean", { ...args, objectName: "clean-2", namespace: "etl" });
    expect(await valueOf(job.objectName)).toBe("clean-2");
    expect(await valueOf(job.namespace)).toBe("etl");
    expect(await valueOf(job.driverPodName)).toBe("clean-2-driver");
    expect(await valueOf(job.uiUrl)).toBe("http://clean-2-ui-svc.etl.svc:4040");
  });

  it("keeps a secret property secret", async () => {
    new SparkJob("clean", { ...args, sparkConf: { "spark.x": pulumi.secret("hunter2") } });
    expect((await program.resource("clean-application")).secretInputs).toEqual(["spec"]);
  });

  it("collects every problem, throws once and registers nothing", async () => {
    const { message } = problemsOf(() => new SparkJob("clean", { ...args, image: "", retries: -1 }));
    expect(message).toBe('SparkJob "clean": 2 invalid inputs');
    expect(await program.resources()).toEqual([]);
  });
});

describe("ScheduledSparkJob", () => {
  it("creates one ScheduledSparkApplication, which is changed where it is", async () => {
    const job = new ScheduledSparkJob("clean", { ...args, schedule: "@daily", namespace: "etl" });
    expect(await valueOf(job.objectName)).toBe("clean");
    expect(await valueOf(job.namespace)).toBe("etl");
    const resources = await program.resources();
    expect(childList(resources)).toEqual([
      "mlstack:index:ScheduledSparkJob clean",
      "kubernetes:sparkoperator.k8s.io/v1beta2:ScheduledSparkApplication clean-schedule < clean",
    ]);
    expect(resources[1]).toMatchObject({ replaceOnChanges: [], deleteBeforeReplace: false });
  });

  it("has no room for the time of a run in a long name", () => {
    const { reasons } = problemsOf(
      () => new ScheduledSparkJob("clean", { ...args, schedule: "@daily", objectName: "x".repeat(41) }),
    );
    expect(reasons).toEqual([
      `objectName is "${"x".repeat(41)}"; allowed: at most 40 characters before the time of each run. Shorten it.`,
    ]);
  });
});
