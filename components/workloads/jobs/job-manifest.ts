import type * as k8s from "@pulumi/kubernetes";
import { compact } from "../../internal";
import { DEFAULT_DEADLINE_SECONDS, objectMetadata, queueLabels, workloadMetadata } from "../object";
import { type PodArgs, type PodContext, podTemplate } from "../pods";
import type { BatchJobArgs, GpuJobArgs, JobArgs, JobCleanUpArgs, JobLimitsArgs, JobSizeArgs } from "./job-args";

/** Failed pods after which a job fails where its author says nothing. */
const DEFAULT_BACKOFF_LIMIT = 3;

/** A Job object as it is given to Kubernetes; leaves may be outputs. */
export interface JobManifest {
  apiVersion: "batch/v1";
  kind: "Job";
  metadata: k8s.types.input.meta.v1.ObjectMeta;
  spec: k8s.types.input.batch.v1.JobSpec;
}

/**
 * The Kubernetes Job that a {@link GpuJob} with these arguments is; to be embedded where other objects carry Jobs.
 *
 * @param name name of the job where the arguments give none.
 */
export function gpuJobManifest(name: string, args: GpuJobArgs): JobManifest {
  return jobManifest(name, args, GPUS_OF_GPU_JOB);
}

/**
 * The Kubernetes Job that a {@link BatchJob} with these arguments is; to be embedded where other objects carry Jobs.
 *
 * @param name name of the job where the arguments give none.
 */
export function batchJobManifest(name: string, args: BatchJobArgs): JobManifest {
  return jobManifest(name, args, 0);
}

/** GPUs of each pod of a GpuJob whose author says nothing. */
export const GPUS_OF_GPU_JOB = 1;

/** How many pods a job has at a time, and how many must succeed. */
export function jobSize({ parallelism = 1, completions = parallelism }: JobSizeArgs) {
  return { parallelism, completions };
}

/** What ends and repeats a job, as its spec says it. */
export function jobLimits(args: JobLimitsArgs & JobCleanUpArgs) {
  return compact({
    backoffLimit: args.backoffLimit ?? DEFAULT_BACKOFF_LIMIT,
    activeDeadlineSeconds: args.activeDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS,
    ttlSecondsAfterFinished: args.ttlSecondsAfterFinished,
    // A replacement that starts beside the pod it replaces would need that pod's GPUs a second time.
    podReplacementPolicy: "Failed",
    podFailurePolicy: { rules: failureRules(args.permanentExitCodes ?? []) },
  });
}

/** What pods that run once, one after another or each alone, follow from beside their own arguments. */
export type JobContext = Omit<PodContext, "pods" | "restartPolicy" | "runsToEnd">;

/** The spec of a Job whose pods work alone: none waits for another, or exchanges data with it. */
export function jobSpec(args: PodArgs & JobSizeArgs & JobLimitsArgs & JobCleanUpArgs, context: JobContext) {
  const { parallelism, completions } = jobSize(args);
  return compact({
    parallelism,
    completions,
    completionMode: completions > 1 ? "Indexed" : undefined,
    ...jobLimits(args),
    template: podTemplate(args, { ...context, pods: 1, restartPolicy: "Never", runsToEnd: true }),
  });
}

function jobManifest(name: string, args: JobArgs, defaultGpus: number): JobManifest {
  const metadata = workloadMetadata(name, args, args.image);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: objectMetadata(args, metadata, queueLabels(args)),
    spec: jobSpec(args, { ...metadata, pools: args.pools, defaultGpus }),
  };
}

/** The first rule that fits decides, so a disruption never counts, whatever code the program ends with. */
function failureRules(permanentExitCodes: number[]) {
  const values = [...new Set(permanentExitCodes)].sort((a, b) => a - b);
  return [
    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
    ...(values.length === 0 ? [] : [{ action: "FailJob", onExitCodes: { operator: "In", values } }]),
  ];
}
