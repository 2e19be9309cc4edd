import type * as pulumi from "@pulumi/pulumi";
import { type GpuNodePoolArgs, gpuPoolShape } from "../../components/cluster";
import type { InputProblem } from "../../components/internal";
import {
  BatchJob,
  type BatchJobArgs,
  batchJobManifest,
  CronTask,
  type CronTaskArgs,
  cronTaskManifest,
  GpuJob,
  type GpuJobArgs,
  gpuJobManifest,
  IndexedJob,
  type IndexedJobArgs,
  indexedJobManifest,
  indexedJobServiceManifest,
  validateBatchJob,
  validateCronTask,
  validateGpuJob,
  validateIndexedJob,
} from "../../components/workloads/jobs";
import type { Manifest } from "../../components/workloads/object";
import { type SparkJobArgs, SparkJob, sparkJobManifest, validateSparkJob } from "../../components/workloads/spark";
import {
  MpiJob,
  type MpiJobArgs,
  mpiJobManifest,
  PyTorchJob,
  type PyTorchJobArgs,
  pyTorchJobManifest,
  TensorFlowJob,
  type TensorFlowJobArgs,
  tensorFlowJobManifest,
  TrainJob,
  type TrainJobArgs,
  trainJobManifest,
  validateMpiJob,
  validatePyTorchJob,
  validateTensorFlowJob,
  validateTrainJob,
} from "../../components/workloads/training";

/** One kind of workload, as the benchmark makes many of it. */
export interface WorkloadKind<Args extends object = object> {
  /** Arguments of the workload of a number; no two are alike. */
  args: (index: number) => Args;
  /** Checks them, as the constructor does. */
  validate: (name: string, args: Args) => InputProblem[];
  /** The objects that the workload is, by the functions that its class uses. */
  manifests: (name: string, args: Args) => Manifest[];
  /** Registers it. */
  create: (name: string, args: Args, opts: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
}

/** The pools that every workload is checked against. */
const pools = Object.entries<GpuNodePoolArgs>({
  t4: { instanceType: "g4dn.xlarge", maxNodes: 40 },
  a10g: { instanceType: "g5.12xlarge", maxNodes: 20 },
  h100: { instanceType: "p5.48xlarge", maxNodes: 8 },
}).map(([name, args]) => gpuPoolShape(name, args));

/** What all kinds are told; a tenant's namespace, and as much of everything as real workloads have. */
const common = (index: number) => ({
  namespace: "research",
  labels: { team: `team-${index % 7}` },
  lineage: { commit: (0xabcdef0 + index).toString(16), data: `s3://lake/demand/?versionId=${index}` },
  pools,
});

const program = (index: number) => ({
  image: `registry.example.com/ml/train:1.4.${index}`,
  args: ["--steps=500", `--seed=${index}`],
  env: { EPOCHS: "3", BATCH_SIZE: "64", TRACKING_URI: "http://tracking.mlflow.svc:5000" },
  secretEnv: { TRACKING_TOKEN: { name: "tracking", key: "token" } },
  volumes: [
    { name: "data", mountPath: "/data", persistentVolumeClaim: "demand", readOnly: true },
    { name: "scratch", mountPath: "/scratch", scratch: { sizeLimit: "20Gi" } },
  ],
  runAsUser: 1000,
});

/** Hides the arguments' type, so that different kinds can stand in one table. */
function kind<Args extends object>(definition: WorkloadKind<Args>): WorkloadKind {
  return definition as unknown as WorkloadKind;
}

/** The kinds that the benchmark makes, by the name of their class. */
export const WORKLOAD_KINDS: Record<string, WorkloadKind> = {
  GpuJob: kind<GpuJobArgs>({
    args: (index) => ({ ...common(index), ...program(index), command: ["python", "train.py"], gpus: 1 + (index % 4) }),
    validate: validateGpuJob,
    manifests: (name, args) => [gpuJobManifest(name, args)],
    create: (name, args, opts) => new GpuJob(name, args, opts),
  }),
  BatchJob: kind<BatchJobArgs>({
    args: (index) => ({ ...common(index), ...program(index), parallelism: 4, permanentExitCodes: [2, 64] }),
    validate: validateBatchJob,
    manifests: (name, args) => [batchJobManifest(name, args)],
    create: (name, args, opts) => new BatchJob(name, args, opts),
  }),
  IndexedJob: kind<IndexedJobArgs>({
    args: (index) => ({ ...common(index), ...program(index), workers: 2 + (index % 4), gpus: 8 }),
    validate: validateIndexedJob,
    manifests: (name, args) => [indexedJobServiceManifest(name, args), indexedJobManifest(name, args)],
    create: (name, args, opts) => new IndexedJob(name, args, opts),
  }),
  CronTask: kind<CronTaskArgs>({
    args: (index) => ({ ...common(index), schedule: `${index % 60} 2 * * *`, job: program(index) }),
    validate: validateCronTask,
    manifests: (name, args) => [cronTaskManifest(name, args)],
    create: (name, args, opts) => new CronTask(name, args, opts),
  }),
  TrainJob: kind<TrainJobArgs>({
    args: (index) => ({ ...common(index), ...program(index), nodes: 2 + (index % 4), gpus: 8 }),
    validate: validateTrainJob,
    manifests: (name, args) => [trainJobManifest(name, args)],
    create: (name, args, opts) => new TrainJob(name, args, opts),
  }),
  PyTorchJob: kind<PyTorchJobArgs>({
    args: (index) => ({ ...common(index), ...program(index), nodes: 2, gpus: 4 }),
    validate: validatePyTorchJob,
    manifests: (name, args) => [pyTorchJobManifest(name, args)],
    create: (name, args, opts) => new PyTorchJob(name, args, opts),
  }),
  TensorFlowJob: kind<TensorFlowJobArgs>({
    args: (index) => ({
      ...common(index),
      ...program(index),
      workers: { replicas: 2 },
      parameterServers: {},
      chief: {},
    }),
    validate: validateTensorFlowJob,
    manifests: (name, args) => [tensorFlowJobManifest(name, args)],
    create: (name, args, opts) => new TensorFlowJob(name, args, opts),
  }),
  MpiJob: kind<MpiJobArgs>({
    args: (index) => ({ ...common(index), ...program(index), command: ["mpirun"], workers: { replicas: 2, gpus: 4 } }),
    validate: validateMpiJob,
    manifests: (name, args) => [mpiJobManifest(name, args)],
    create: (name, args, opts) => new MpiJob(name, args, opts),
  }),
  SparkJob: kind<SparkJobArgs>({
    args: (index) => ({
      ...common(index),
      ...program(index),
      sparkVersion: "4.0.1",
      mainFile: "local:///opt/app/clean.py",
      executor: { instances: 4, cpu: "4", memory: "16Gi" },
      sparkConf: { "spark.sql.shuffle.partitions": "64" },
      s3: { region: "eu-central-1" },
    }),
    validate: validateSparkJob,
    manifests: (name, args) => [sparkJobManifest(name, args)],
    create: (name, args, opts) => new SparkJob(name, args, opts),
  }),
};
