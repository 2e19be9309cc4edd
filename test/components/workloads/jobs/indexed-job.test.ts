import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  gpuPoolShape,
  IndexedJob,
  type IndexedJobArgs,
  indexedJobManifest,
  validateIndexedJob,
} from "../../../../components";
import { childList, type MockedProgram, startMocks, valueOf } from "../../../support/mocks";

const image = "ghcr.io/acme/resnet:1.4.0";

interface Container {
  env: { name: string; value?: string; valueFrom?: object }[];
}

function containerOf(args: Partial<IndexedJobArgs>): Container {
  const { template } = indexedJobManifest("resnet", { image, workers: 3, ...args }).spec;
  return (template as { spec: { containers: Container[] } }).spec.containers[0]!;
}

function environmentOf(args: Partial<IndexedJobArgs>): Record<string, string | undefined> {
  return Object.fromEntries(containerOf(args).env.map(({ name, value }) => [name, value]));
}

describe("the environment of a worker", () => {
  it("tells everyone the address of the first, how many there are, and all names", () => {
    expect(environmentOf({ objectName: "r50" })).toMatchObject({
      MASTER_ADDR: "r50-0.r50",
      MASTER_PORT: "29500",
      WORLD_SIZE: "3",
      WORKER_HOSTS: "r50-0.r50,r50-1.r50,r50-2.r50",
    });
  });

  it("tells torchrun all that it would be told by flags, a process for each GPU", () => {
    expect(environmentOf({ gpus: 4, port: 4000 })).toMatchObject({
      PET_MASTER_ADDR: "resnet-0.resnet",
      PET_MASTER_PORT: "4000",
      PET_NNODES: "3",
      PET_NODE_RANK: "$(JOB_COMPLETION_INDEX)",
      PET_NPROC_PER_NODE: "4",
    });
    expect(environmentOf({})["PET_NPROC_PER_NODE"]).toBe("1");
  });

  it("has the worker's number before what refers to it, as Kubernetes replaces backwards only", () => {
    const [first, ...others] = containerOf({ env: { NAME: "worker-$(RANK)" } }).env;
    expect(first).toEqual({
      name: "JOB_COMPLETION_INDEX",
      valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']" } },
    });
    expect(others.filter(({ value }) => value?.includes("$(")).map(({ name, value }) => `${name}=${value}`)).toEqual([
      "RANK=$(JOB_COMPLETION_INDEX)",
      "NODE_RANK=$(JOB_COMPLETION_INDEX)",
      "PET_NODE_RANK=$(JOB_COMPLETION_INDEX)",
      "NAME=worker-$(RANK)",
    ]);
  });

  it("leaves the last word to its author", () => {
    expect(
      environmentOf({ env: { MASTER_PORT: "1" }, secretEnv: { WORLD_SIZE: { name: "a", key: "b" } } }),
    ).toMatchObject({
      MASTER_PORT: "1",
      WORLD_SIZE: undefined,
    });
  });
});

describe("the failures of workers", () => {
  const limitsOf = (args: Partial<IndexedJobArgs>) => {
    const { backoffLimit, backoffLimitPerIndex, maxFailedIndexes } = indexedJobManifest("r", {
      image,
      workers: 2,
      ...args,
    }).spec;
    return { backoffLimit, backoffLimitPerIndex, maxFailedIndexes };
  };

  it.each<[string, Partial<IndexedJobArgs>, object]>([
    ["are counted together", {}, { backoffLimit: 3 }],
    [
      "are counted for each where that is asked for, and one that is given up ends the job, as others wait for it",
      { backoffLimitPerIndex: 2 },
      { backoffLimitPerIndex: 2, maxFailedIndexes: 0 },
    ],
    [
      "are counted in both ways",
      { backoffLimitPerIndex: 2, backoffLimit: 9 },
      { backoffLimit: 9, backoffLimitPerIndex: 2, maxFailedIndexes: 0 },
    ],
    [
      "end nothing where others decide about success",
      { backoffLimitPerIndex: 0, success: { workers: "0" } },
      { backoffLimitPerIndex: 0 },
    ],
  ])("%s", (_case, args, limits) => {
    expect(JSON.parse(JSON.stringify(limitsOf(args)))).toEqual(limits);
  });
});

describe("validateIndexedJob refuses", () => {
  it.each<[string, Partial<IndexedJobArgs>, string[]]>([
    [
      "no number of workers",
      { workers: undefined as unknown as number },
      ["workers is missing; allowed: a whole number from 1 to 100000. Say how many pods there are."],
    ],
    [
      "more workers than a variable can name",
      { workers: 10_000 },
      [
        "workers is 10000, whose hosts take 188902 characters; allowed: 131071 characters of WORKER_HOSTS. " +
          "Shorten the name, or ask for fewer and larger workers.",
      ],
    ],
    [
      "success of workers that there are not",
      { workers: 4, success: { workers: "1-4" } },
      [
        'success.workers is "1-4"; allowed: numbers from 0 to 3 in rising order, such as 0 or 0,2-5. Name workers that there are.',
      ],
    ],
    [
      "success of more workers than count",
      { workers: 4, success: { workers: "0,2", count: 3 } },
      ["success.count is 3; allowed: a whole number from 1 to 2. Set success.count within that range."],
    ],
    [
      "success of nobody in particular",
      { success: {} },
      ["success is empty; allowed: workers, count or both. Say who decides, or leave it out."],
    ],
    [
      "a name without room for the workers' numbers",
      { workers: 11, objectName: "j".repeat(61) },
      [`objectName is "${"j".repeat(61)}"; allowed: at most 60 characters with 11 workers. Shorten it.`],
    ],
    [
      "a name that no Service can have",
      { objectName: "50r" },
      [
        'objectName is "50r"; allowed: a name that begins with a letter. Services are called after it; put a letter before it.',
      ],
    ],
  ])("%s", (_case, args, reasons) => {
    expect(validateIndexedJob("resnet", { image, workers: 3, ...args }).map(({ reason }) => reason)).toEqual(reasons);
  });
});

describe("IndexedJob", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await startMocks();
  });

  it("creates the Service before the Job whose pods look for each other by it", async () => {
    new IndexedJob("resnet", { image, workers: 2 });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:IndexedJob resnet",
      "kubernetes:core/v1:Service resnet-service < resnet",
      "kubernetes:batch/v1:Job resnet-job < resnet",
    ]);
    expect((await program.resource("resnet-job")).dependsOn).toEqual(["resnet-service"]);
  });

  it("replaces the Job where Kubernetes would let nothing change", async () => {
    new IndexedJob("resnet", { image, workers: 2 });
    expect(await program.resource("resnet-job")).toMatchObject({
      deleteBeforeReplace: true,
      replaceOnChanges: [
        "spec.completionMode",
        "spec.podFailurePolicy",
        "spec.backoffLimitPerIndex",
        "spec.successPolicy",
      ],
    });
  });

  it("tells its names, and that it has completed", async () => {
    const job = new IndexedJob("resnet", { image, workers: 2, objectName: "r50", namespace: "ml" });
    expect(await valueOf(job.objectName)).toBe("r50");
    expect(await valueOf(job.namespace)).toBe("ml");
    expect(await valueOf(job.serviceName)).toBe("r50");
    expect(await valueOf(job.completed)).toBe(true);
  });

  it.each([
    { gang: true, timeout: "173100s" },
    { gang: false, timeout: "86700s" },
  ])("is waited for a day longer where it waits in a queue as a gang: $gang", async ({ gang, timeout }) => {
    new IndexedJob("resnet", { image, workers: 3, gang });
    expect((await program.resource("resnet-job")).createTimeout).toBe(timeout);
  });

  it("advises to take one machine where there is one with all the GPUs", async () => {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    const pools = [gpuPoolShape("train", { instanceType: "g5.12xlarge", maxNodes: 2 })];
    new IndexedJob("resnet", { image, workers: 4, gpus: 1, pools, objectName: "r50" });
    new IndexedJob("bert", { image, workers: 4, gpus: 4, pools });
    await program.resources();
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      "[SIZE-01] IndexedJob resnet: workers is 4 pods with 1 GPU each; allowed: one pod with 4 GPUs, as long as one machine " +
        "has them. Ask for 4 GPUs in one pod on pool train: they exchange data faster than a network does.",
    ]);
    warn.mockRestore();
  });
});
