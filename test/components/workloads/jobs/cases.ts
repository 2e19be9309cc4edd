import fc from "fast-check";
import {
  type AfterTrainingArgs,
  BatchJob,
  type BatchJobArgs,
  batchJobManifest,
  type CronTaskArgs,
  CronConcurrency,
  CronTask,
  cronTaskManifest,
  GpuJob,
  type GpuJobArgs,
  gpuJobManifest,
  IndexedJob,
  type IndexedJobArgs,
  indexedJobManifest,
  indexedJobServiceManifest,
  MasterWorkerJob,
  type MasterWorkerJobArgs,
  masterWorkerJobManifests,
  type RoleArgs,
  validateBatchJob,
  validateCronTask,
  validateGpuJob,
  validateIndexedJob,
  validateMasterWorkerJob,
  WorkersStart,
} from "../../../../components/workloads";
import {
  afterTrainingManifest,
  afterTrainingServiceManifest,
} from "../../../../components/workloads/jobs/after-training-manifest";
import {
  brokerManifest,
  brokerSecretManifest,
  brokerServiceManifest,
  hasOwnBroker,
} from "../../../../components/workloads/jobs/broker-manifest";
import {
  dnsLabel,
  gangArgs,
  hardwareArgs,
  images,
  joined,
  objectArgs,
  programArgs,
  queueArgs,
  roleArgs,
  someOf,
  withRequired,
} from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";

const image = "ghcr.io/acme/mnist:1.4.0";
const anySeconds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

const limits = {
  backoffLimit: fc.integer({ min: 0, max: 9 }),
  permanentExitCodes: fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { maxLength: 3 }),
  activeDeadlineSeconds: anySeconds,
};
const size = { parallelism: fc.integer({ min: 1, max: 20 }), completions: fc.integer({ min: 1, max: 20 }) };
const cleanUp = { ttlSecondsAfterFinished: fc.integer({ min: 0, max: 2 ** 31 - 1 }) };

const frame = joined(
  joined(programArgs, objectArgs),
  joined(queueArgs, someOf<BatchJobArgs>({ ...size, ...limits, ...cleanUp } as never)),
);
const gpuJobArgs: fc.Arbitrary<GpuJobArgs> = joined(frame, hardwareArgs(1));
const batchJobArgs: fc.Arbitrary<BatchJobArgs> = joined(frame, hardwareArgs(0));

const LIMITS: typeof FLAWS.program = [
  ["backoffLimit", { backoffLimit: -1 }],
  ["permanentExitCodes[0]", { permanentExitCodes: [0] }],
  ["activeDeadlineSeconds", { activeDeadlineSeconds: 0 }],
];
const SIZE: typeof FLAWS.program = [
  ["parallelism", { parallelism: 0 }],
  ["completions", { completions: 1.5 }],
];

const ofJobs: typeof FLAWS.program = [
  ...FLAWS.program,
  ...FLAWS.hardware,
  ...FLAWS.object,
  ...FLAWS.queue,
  ...SIZE,
  ...LIMITS,
  ["ttlSecondsAfterFinished", { ttlSecondsAfterFinished: -1 }],
  ["objectName", { objectName: "x".repeat(62), completions: 10 }],
];

/** Indexed Jobs have at most 19 workers here, so that these are workers that there are. */
const success = fc.constantFrom({ workers: "0" }, { count: 1 }, { workers: "0", count: 1 });

const indexedJobArgs: fc.Arbitrary<IndexedJobArgs> = joined(
  joined(joined(programArgs, objectArgs), joined(gangArgs, hardwareArgs(0))),
  withRequired<IndexedJobArgs>(
    { workers: fc.integer({ min: 1, max: 19 }) },
    {
      ...limits,
      ...cleanUp,
      port: fc.integer({ min: 1, max: 65_535 }),
      backoffLimitPerIndex: fc.integer({ min: 0, max: 5 }),
      success,
    },
  ),
);

const schedules = fc.constantFrom(
  "40 2 * * *",
  "*/15 9-17 * * mon-fri",
  "0 0 1,15 JAN-JUN ?",
  "5/20 * * * *",
  "0 0 29 2 *",
  "@daily",
);
const cronJob = joined(
  joined(joined(programArgs, queueArgs), someOf<BatchJobArgs>({ ...size, ...limits } as never)),
  hardwareArgs(0),
);
const cronTaskArgs: fc.Arbitrary<CronTaskArgs> = joined(
  objectArgs,
  withRequired<CronTaskArgs>(
    { schedule: schedules, job: cronJob },
    {
      timeZone: fc.constantFrom("UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"),
      concurrency: fc.constantFrom(...Object.values(CronConcurrency)),
      startingDeadlineSeconds: fc.integer({ min: 10, max: 2 ** 31 - 1 }),
      successfulRunsKept: fc.nat({ max: 100 }),
      failedRunsKept: fc.nat({ max: 100 }),
      suspend: fc.boolean(),
    },
  ),
);

const port = fc.integer({ min: 1, max: 65_535 });
const server: fc.Arbitrary<AfterTrainingArgs> = joined(
  roleArgs(4),
  someOf<AfterTrainingArgs>({
    port,
    servicePort: port,
    readiness: fc.constantFrom({ path: "/healthz" }, { command: ["true"] }, { grpc: true }, { periodSeconds: 3 }),
  } as never),
);
const master: fc.Arbitrary<RoleArgs> = roleArgs(1);
const masterWorkerJobArgs: fc.Arbitrary<MasterWorkerJobArgs> = joined(
  joined(joined(programArgs, objectArgs), queueArgs),
  withRequired<MasterWorkerJobArgs>(
    { master, workers: roleArgs(6) },
    {
      ...limits,
      workersStart: fc.constantFrom(...Object.values(WorkersStart)),
      broker: fc.oneof(
        fc.constant({ existingUrl: { name: "rabbit", key: "url" } }),
        someOf({
          image: images,
          memory: fc.constant("1Gi"),
          volumeSize: fc.constant("2Gi"),
          storageClassName: dnsLabel(),
        }),
      ),
      afterTraining: server,
    },
  ),
);

/** Every object of a MasterWorkerJob; the password is none that anything has. */
function masterWorkerObjects(name: string, args: MasterWorkerJobArgs): object[] {
  const { master: masterJob, workers, trainingId } = masterWorkerJobManifests(name, args);
  const broker = hasOwnBroker(args)
    ? [brokerSecretManifest(name, args, "made up"), brokerManifest(name, args), brokerServiceManifest(name, args)]
    : [];
  const { afterTraining } = args;
  const served = afterTraining && [
    afterTrainingManifest(name, args, afterTraining, trainingId),
    afterTrainingServiceManifest(name, args, afterTraining),
  ];
  return [...broker, masterJob, workers, ...(served ?? [])];
}

const models = { name: "models", mountPath: "/models", persistentVolumeClaim: "models" };

/** The kinds that are Jobs of Kubernetes, or are made of them. */
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
    flaws: flawed(gpuJobArgs, ofJobs),
  }),
  workloadCase<BatchJobArgs>({
    component: "BatchJob",
    create: (name, args, opts) => new BatchJob(name, args, opts),
    validate: validateBatchJob,
    objects: (name, args) => [batchJobManifest(name, args)],
    variants: { minimal: { image }, "many-pods": { image, parallelism: 4, completions: 100 } },
    args: batchJobArgs,
    flaws: flawed(batchJobArgs, ofJobs),
  }),
  workloadCase<IndexedJobArgs>({
    component: "IndexedJob",
    create: (name, args, opts) => new IndexedJob(name, args, opts),
    validate: validateIndexedJob,
    objects: (name, args) => [indexedJobServiceManifest(name, args), indexedJobManifest(name, args)],
    variants: {
      minimal: { image, workers: 3 },
      gpus: { image, workers: 2, gpus: 8, topology: { level: "rack", byQueue: true } },
      "single-worker": { image, workers: 1, gpus: 1, port: 4000 },
      elastic: { image, workers: 4, backoffLimitPerIndex: 2 },
      "leader-decides": { image, workers: 4, success: { workers: "0" }, backoffLimitPerIndex: 1, backoffLimit: 9 },
    },
    args: indexedJobArgs,
    flaws: flawed(indexedJobArgs, [
      ...FLAWS.program,
      ...FLAWS.hardware,
      ...FLAWS.object,
      ...FLAWS.gang,
      ...LIMITS,
      ["workers", { workers: 0 }],
      ["workers", { workers: undefined }],
      ["workers", { workers: 20_000, objectName: "x" }],
      ["port", { port: 65_536 }],
      ["ttlSecondsAfterFinished", { ttlSecondsAfterFinished: -1 }],
      ["backoffLimitPerIndex", { backoffLimitPerIndex: -1 }],
      ["success", { success: {} }],
      ["success.workers", { workers: 4, success: { workers: "4" } }],
      ["success.workers", { workers: 4, success: { workers: "2,1" } }],
      ["success.workers", { workers: 4, success: { workers: "first" } }],
      ["success.count", { workers: 4, success: { workers: "0-1", count: 3 } }],
      ["objectName", { objectName: "x".repeat(62), workers: 2 }],
      ["objectName", { objectName: "2x" }],
    ]),
  }),
  workloadCase<CronTaskArgs>({
    component: "CronTask",
    create: (name, args, opts) => new CronTask(name, args, opts),
    validate: validateCronTask,
    objects: (name, args) => [cronTaskManifest(name, args)],
    variants: {
      minimal: { schedule: "40 2 * * *", job: { image } },
      gpu: {
        schedule: "@weekly",
        timeZone: "Europe/Berlin",
        concurrency: "Replace",
        job: { image, gpus: 1, queue: "nightly", queuePriority: "low", backoffLimit: 0 },
        lineage: { commit: "0123abc", data: "s3://lake/demand" },
        suspend: true,
      },
    },
    args: cronTaskArgs,
    flaws: fc.oneof(
      flawed(cronTaskArgs, [
        ...FLAWS.object,
        ["schedule", { schedule: "" }],
        ["schedule", { schedule: "60 * * * *" }],
        ["schedule", { schedule: "0 0 31 2 *" }],
        ["schedule", { schedule: "TZ=UTC 0 0 * * *" }],
        ["schedule", { schedule: undefined }],
        ["timeZone", { timeZone: "Europe/berlin" }],
        ["concurrency", { concurrency: "Never" }],
        ["startingDeadlineSeconds", { startingDeadlineSeconds: 9 }],
        ["successfulRunsKept", { successfulRunsKept: -1 }],
        ["failedRunsKept", { failedRunsKept: -1 }],
        ["job", { job: undefined }],
        ["objectName", { objectName: "x".repeat(53) }],
      ]),
      flawed(cronTaskArgs, [...FLAWS.program, ...FLAWS.hardware, ...FLAWS.queue, ...SIZE, ...LIMITS], "job"),
    ),
  }),
  workloadCase<MasterWorkerJobArgs>({
    component: "MasterWorkerJob",
    create: (name, args, opts) => new MasterWorkerJob(name, args, opts),
    validate: validateMasterWorkerJob,
    objects: masterWorkerObjects,
    variants: {
      minimal: { image, master: { args: ["master"] }, workers: { args: ["worker"], replicas: 4 } },
      "after-training": {
        image,
        volumes: [models],
        lineage: { commit: "0123abc" },
        master: { args: ["master"] },
        workers: { args: ["worker"], replicas: 4, cpu: "2" },
        broker: { storageClassName: "gp3", volumeSize: "5Gi" },
        afterTraining: { image: "ghcr.io/acme/web:1.4.0", port: 8000, readiness: { path: "/readyz" } },
      },
      "existing-broker": {
        image,
        queue: "research",
        master: {},
        workers: { replicas: 2, gpus: 1 },
        workersStart: "with-master",
        broker: { existingUrl: { name: "rabbit", key: "url" } },
        afterTraining: { gpus: 1 },
      },
    },
    args: masterWorkerJobArgs,
    flaws: fc.oneof(
      flawed(masterWorkerJobArgs, [
        ...FLAWS.program.filter(([path]) => path !== "image"),
        ...FLAWS.object,
        ...FLAWS.queue,
        ...LIMITS,
        ["master", { master: undefined }],
        ["workers", { workers: undefined }],
        ["workersStart", { workersStart: "later" }],
        ['env["TRAINING_ID"]', { env: { TRAINING_ID: "1" } }],
        ["broker.existingUrl", { broker: { existingUrl: { name: "a", key: "b" }, memory: "1Gi" } }],
        ["broker.image", { broker: { image: "" } }],
        ["broker.memory", { broker: { memory: "much" } }],
        ["broker.volumeSize", { broker: { volumeSize: "0" } }],
        ["broker.storageClassName", { broker: { storageClassName: "gp 3" } }],
        ["afterTraining.port", { afterTraining: { port: 0 } }],
        ["afterTraining.servicePort", { afterTraining: { servicePort: 65_536 } }],
        ["afterTraining.replicas", { afterTraining: { replicas: 0 } }],
        ["afterTraining.readiness.path", { afterTraining: { readiness: { path: "healthz" } } }],
        ["afterTraining.gpus", { afterTraining: { gpus: -1 } }],
        ["image", { image: "", master: { image }, workers: { image } }],
        ["objectName", { objectName: "x".repeat(46), broker: {} }],
        ["objectName", { objectName: "2x", broker: {} }],
      ]),
      flawed(masterWorkerJobArgs, [...FLAWS.program, ...FLAWS.hardware, ["replicas", { replicas: 2 }]], "master"),
      flawed(masterWorkerJobArgs, [...FLAWS.program, ...FLAWS.hardware, ["replicas", { replicas: 0 }]], "workers"),
    ),
  }),
];
