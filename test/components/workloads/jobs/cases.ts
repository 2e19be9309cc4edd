import fc from "fast-check";
import {
  BatchJob,
  type BatchJobArgs,
  batchJobManifest,
  GpuJob,
  type GpuJobArgs,
  gpuJobManifest,
  validateBatchJob,
  validateGpuJob,
} from "../../../../components";
import { hardwareArgs, joined, objectArgs, programArgs, queueArgs, someOf } from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";

const image = "ghcr.io/acme/mnist:1.4.0";

const limits = someOf<BatchJobArgs>({
  parallelism: fc.integer({ min: 1, max: 20 }),
  completions: fc.integer({ min: 1, max: 20 }),
  backoffLimit: fc.integer({ min: 0, max: 9 }),
  permanentExitCodes: fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { maxLength: 3 }),
  activeDeadlineSeconds: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  ttlSecondsAfterFinished: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
} as never);

const frame = joined(joined(programArgs, objectArgs), joined(queueArgs, limits));
const gpuJobArgs: fc.Arbitrary<GpuJobArgs> = joined(frame, hardwareArgs(1));
const batchJobArgs: fc.Arbitrary<BatchJobArgs> = joined(frame, hardwareArgs(0));

const wrongs: typeof FLAWS.program = [
  ...FLAWS.program,
  ...FLAWS.hardware,
  ...FLAWS.object,
  ...FLAWS.queue,
  ["parallelism", { parallelism: 0 }],
  ["completions", { completions: 1.5 }],
  ["backoffLimit", { backoffLimit: -1 }],
  ["permanentExitCodes[0]", { permanentExitCodes: [0] }],
  ["activeDeadlineSeconds", { activeDeadlineSeconds: 0 }],
  ["ttlSecondsAfterFinished", { ttlSecondsAfterFinished: -1 }],
  ["objectName", { objectName: "x".repeat(62), completions: 10 }],
];

/** The kinds that are Jobs of Kubernetes and little else. */
export const jobCases = [
  workloadCase<GpuJobArgs>({
    component: "GpuJob",
    create: (name, args, opts) => new GpuJob(name, args, opts),
    validate: validateGpuJob,
    objects: (name, args) => [gpuJobManifest(name, args)],
    variants: {
      minimal: { image },
      "several-gpus": { image, gpus: 4 },
      memory: { image, gpuMemoryGib: 80 },
      efa: { image, gpus: 8, efa: 4 },
      shared: { image, gpuSharing: "time-slicing" },
      slice: { image, gpuSharing: "mig", migProfile: "1g.10gb" },
    },
    args: gpuJobArgs,
    flaws: flawed(gpuJobArgs, wrongs),
  }),
  workloadCase<BatchJobArgs>({
    component: "BatchJob",
    create: (name, args, opts) => new BatchJob(name, args, opts),
    validate: validateBatchJob,
    objects: (name, args) => [batchJobManifest(name, args)],
    variants: { minimal: { image }, "many-pods": { image, parallelism: 4, completions: 100 } },
    args: batchJobArgs,
    flaws: flawed(batchJobArgs, wrongs),
  }),
];
