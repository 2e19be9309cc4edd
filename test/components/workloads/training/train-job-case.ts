import fc from "fast-check";
import {
  TrainJob,
  type TrainJobArgs,
  TrainJobFramework,
  trainJobManifest,
  validateTrainJob,
} from "../../../../components/workloads/training";
import { hardwareArgs, images, joined, programArgs, someOf, withRequired } from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";
import { endArgs, jobArgs, WRONG_END, WRONG_JOB, type Wrongs } from "./arguments";

const image = "ghcr.io/acme/train:1.4.0";

const initializer = withRequired<NonNullable<TrainJobArgs["dataset"]>>(
  { storageUri: fc.constantFrom("s3://lake/demand", "hf://acme/small") },
  { secretName: fc.constant("lake"), env: fc.constant({ REVISION: "main" }) },
);

/** Arguments that are valid with each framework. */
const ofFramework: fc.Arbitrary<TrainJobArgs> = fc.oneof(
  someOf<TrainJobArgs>({
    framework: fc.constant(TrainJobFramework.torch),
    image: images,
    nodes: fc.integer({ min: 1, max: 64 }),
    processesPerNode: fc.integer({ min: 1, max: 8 }),
  } as never),
  withRequired<TrainJobArgs>(
    { framework: fc.constantFrom(TrainJobFramework.jax, TrainJobFramework.xgboost) },
    { image: images, nodes: fc.integer({ min: 1, max: 8 }) },
  ),
  withRequired<TrainJobArgs>(
    { framework: fc.constant(TrainJobFramework.deepspeed) },
    { nodes: fc.integer({ min: 2, max: 8 }), processesPerNode: fc.integer({ min: 1, max: 8 }) },
  ),
  withRequired<TrainJobArgs>(
    { framework: fc.constant(TrainJobFramework.mpi), runtime: fc.constant("horovod") },
    { nodes: fc.integer({ min: 2, max: 8 }) },
  ),
  withRequired<TrainJobArgs>(
    { framework: fc.constant(TrainJobFramework.plain), runtime: fc.constant("acme") },
    {
      image: images,
      runtimeKind: fc.constantFrom("ClusterTrainingRuntime", "TrainingRuntime"),
      dataset: initializer,
      model: initializer,
    },
  ),
);

const programOptions = programArgs.map(({ image: _image, priorityClassName: _priority, ...options }) => options);

const trainJobArgs: fc.Arbitrary<TrainJobArgs> = joined(
  joined(joined(programOptions, hardwareArgs()), joined(jobArgs, endArgs)),
  ofFramework,
);

const wrongTrainJobs: Wrongs = [
  ...FLAWS.program,
  ...FLAWS.hardware,
  ...WRONG_JOB,
  ...WRONG_END,
  ["framework", { framework: "caffe" }],
  ["nodes", { nodes: 0 }],
  ["nodes", { framework: "deepspeed", nodes: 1 }],
  ["image", { framework: "deepspeed", image }],
  ["processesPerNode", { framework: "torch", processesPerNode: 0 }],
  ["processesPerNode", { framework: "jax", processesPerNode: 2 }],
  ["runtime", { framework: "mpi", runtime: undefined }],
  ["runtime", { runtime: " " }],
  ["runtimeKind", { runtime: "acme", runtimeKind: "Runtime" }],
  ["runtimeKind", { runtime: undefined, runtimeKind: "TrainingRuntime" }],
  ["runtime", { framework: "torch", runtime: undefined, dataset: { storageUri: "s3://lake/demand" } }],
  ["dataset.storageUri", { runtime: "acme", dataset: { storageUri: "lake" } }],
  ["model.storageUri", { runtime: "acme", model: { storageUri: `s3://${"x".repeat(2048)}` } }],
  ["priorityClassName", { priorityClassName: "high" }],
  ['env["PET_NNODES"]', { framework: "torch", env: { PET_NNODES: "2" } }],
  ['env["JAX_PROCESS_ID"]', { framework: "jax", env: { JAX_PROCESS_ID: "2" } }],
  ["volumes[0].name", { framework: "mpi", volumes: [{ name: "mpi-hostfile", mountPath: "/a", scratch: {} }] }],
  ["objectName", { objectName: "x".repeat(48), nodes: 11 }],
  ["objectName", { objectName: "x".repeat(36), runtime: "acme", dataset: { storageUri: "s3://lake/demand" } }],
];

/** TrainJob, as the tests over all kinds see it. */
export const trainJobCase = workloadCase<TrainJobArgs>({
  component: "TrainJob",
  create: (name, args, opts) => new TrainJob(name, args, opts),
  validate: validateTrainJob,
  objects: (name, args) => [trainJobManifest(name, args)],
  variants: {
    minimal: { image, command: ["torchrun", "train.py"] },
    "several-nodes": { image, nodes: 4, gpus: 8, efa: 4, pool: "h100", runAsUser: 1000 },
    rack: { image, nodes: 2, gpus: 8, topology: { level: "rack", required: true, byQueue: true }, queue: "research" },
    deepspeed: { framework: "deepspeed", nodes: 2, gpus: 8, command: ["mpirun", "python", "/data/train.py"] },
    jax: { framework: "jax", image, nodes: 2, gpus: 4 },
    "without-gpus": { framework: "xgboost", image, gpus: 0, cpu: "8", memory: "16Gi" },
    horovod: { framework: "mpi", runtime: "horovod", nodes: 4, gpus: 4 },
    fetched: {
      runtime: "fine-tuning",
      runtimeKind: "TrainingRuntime",
      image,
      serviceAccountName: "lake-reader",
      dataset: { storageUri: "s3://lake/demand", secretName: "lake" },
      model: { storageUri: "hf://acme/small", env: { REVISION: "main" } },
    },
  },
  args: trainJobArgs,
  flaws: flawed(trainJobArgs, wrongTrainJobs),
});
