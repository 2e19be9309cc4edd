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
  ScheduledSparkJob,
  type ScheduledSparkJobArgs,
  scheduledSparkJobManifest,
  SparkJob,
  type SparkJobArgs,
  sparkJobManifest,
  validateBatchJob,
  validateCronTask,
  validateGpuJob,
  validateIndexedJob,
  validateScheduledSparkJob,
  validateSparkJob,
} from "../../../components";
import { kind, object, program } from "./kind";

const spark = (index: number) => ({
  ...object(index),
  ...program(index),
  sparkVersion: "4.0.1",
  mainFile: "local:///opt/app/clean.py",
  executor: { instances: 4, cpu: "4", memory: "16Gi" },
  sparkConf: { "spark.sql.shuffle.partitions": "64" },
  s3: { region: "eu-central-1" },
});

/** Jobs of Kubernetes and of Spark. */
export const jobKinds = {
  GpuJob: kind<GpuJobArgs>({
    args: (index) => ({ ...object(index), ...program(index), command: ["python", "train.py"], gpus: 1 + (index % 4) }),
    validate: validateGpuJob,
    manifests: (name, args) => [gpuJobManifest(name, args)],
    create: (name, args, opts) => new GpuJob(name, args, opts),
  }),
  BatchJob: kind<BatchJobArgs>({
    args: (index) => ({ ...object(index), ...program(index), parallelism: 4, permanentExitCodes: [2, 64] }),
    validate: validateBatchJob,
    manifests: (name, args) => [batchJobManifest(name, args)],
    create: (name, args, opts) => new BatchJob(name, args, opts),
  }),
  IndexedJob: kind<IndexedJobArgs>({
    args: (index) => ({ ...object(index), ...program(index), workers: 2 + (index % 4), gpus: 8 }),
    validate: validateIndexedJob,
    manifests: (name, args) => [indexedJobServiceManifest(name, args), indexedJobManifest(name, args)],
    create: (name, args, opts) => new IndexedJob(name, args, opts),
  }),
  CronTask: kind<CronTaskArgs>({
    args: (index) => ({ ...object(index), schedule: `${index % 60} 2 * * *`, job: program(index) }),
    validate: validateCronTask,
    manifests: (name, args) => [cronTaskManifest(name, args)],
    create: (name, args, opts) => new CronTask(name, args, opts),
  }),
  SparkJob: kind<SparkJobArgs>({
    args: spark,
    validate: validateSparkJob,
    manifests: (name, args) => [sparkJobManifest(name, args)],
    create: (name, args, opts) => new SparkJob(name, args, opts),
  }),
  ScheduledSparkJob: kind<ScheduledSparkJobArgs>({
    args: (index) => ({ ...spark(index), schedule: `${index % 60} 4 * * *` }),
    validate: validateScheduledSparkJob,
    manifests: (name, args) => [scheduledSparkJobManifest(name, args)],
    create: (name, args, opts) => new ScheduledSparkJob(name, args, opts),
  }),
};
