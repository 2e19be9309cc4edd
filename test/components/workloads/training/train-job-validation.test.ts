import { describe, expect, it } from "vitest";
import { type TrainJobArgs, validateTrainJob } from "../../../../components/workloads/training";

const image = "ghcr.io/acme/train:1.4.0";

const reasonsOf = (args: TrainJobArgs, name = "resnet") => validateTrainJob(name, args).map(({ reason }) => reason);

describe("a TrainJob is refused", () => {
  it.each<[string, TrainJobArgs, string]>([
    [
      "with one node of MPI, of which Trainer makes two",
      { framework: "deepspeed", nodes: 1 },
      "nodes is 1; allowed: a whole number from 2. Set nodes within that range.",
    ],
    [
      "with an image that only the first node of MPI would get",
      { framework: "deepspeed", image },
      `image is "${image}"; allowed: nothing with the framework deepspeed. Trainer gives it to the first node alone; make a ` +
        "TrainingRuntime with the image, and name it in runtime.",
    ],
    [
      "with a framework that has no runtime of its own, and none named",
      { framework: "mpi" },
      "runtime is missing; allowed: a runtime, with the framework mpi. Name a TrainingRuntime.",
    ],
    [
      "with data to fetch by a runtime that fetches nothing",
      { dataset: { storageUri: "s3://lake/demand" } },
      "runtime is missing; allowed: a runtime, with dataset. The platform's runtimes fetch nothing; name a TrainingRuntime with " +
        "a job dataset-initializer in runtime.",
    ],
    [
      "with an address that has no scheme",
      { runtime: "mine", model: { storageUri: "acme/small" } },
      'model.storageUri is "acme/small"; allowed: an address with a scheme, of at most 2048 characters. Write it like ' +
        "s3://lake/demand.",
    ],
    [
      "with processes that the framework does not count",
      { framework: "jax", processesPerNode: 4 },
      "processesPerNode is 4; allowed: nothing with the framework jax. Start processes from the program.",
    ],
    [
      "with a priority class, which no patch can set",
      { priorityClassName: "high" },
      'priorityClassName is "high"; allowed: nothing. A patch of a runtime cannot set it; use queuePriority, or a runtime that ' +
        "has it.",
    ],
    [
      "with a variable that Trainer reserves",
      { env: { PET_NNODES: "4" } },
      'env["PET_NNODES"] is "PET_NNODES"; allowed: what Trainer does not set. Remove the variable.',
    ],
    [
      "with the kind of a runtime that is not named",
      { runtimeKind: "TrainingRuntime" },
      'runtimeKind is "TrainingRuntime"; allowed: nothing without runtime. Name the runtime, or leave it out.',
    ],
  ])("%s", (_what, args, reason) => {
    expect(reasonsOf(args)).toEqual([reason]);
  });

  it.each<[TrainJobArgs, number, string]>([
    [{}, 48, "-node-0-0-xxxxx"],
    [{ nodes: 11 }, 47, "-node-0-10-xxxxx"],
    [{ framework: "deepspeed", nodes: 11 }, 44, "-launcher-0-0-xxxxx"],
    [{ runtime: "mine", dataset: { storageUri: "s3://lake" } }, 33, "-dataset-initializer-0-0-xxxxx"],
  ])("with a name that those of its pods make too long: %j", (args, longest, suffix) => {
    expect(reasonsOf(args, "x".repeat(longest))).toEqual([]);
    const name = "x".repeat(longest + 1);
    expect(reasonsOf(args, name)).toEqual([
      `objectName is "${name}"; allowed: at most ${longest} characters as "${suffix}" is added to it. Shorten it.`,
    ]);
  });
});
