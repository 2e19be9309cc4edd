import type * as k8s from "@pulumi/kubernetes";
import { compact, renderToleration } from "../internal";
import { GPU_RESOURCE, POOL_LABEL, TaintEffect } from "../model";
import type { GpuJobArgs, JobVolume } from "./gpu-job-args";
import { JOB_LABEL, jobDefaults, SHARED_MEMORY_PATH, SHARED_MEMORY_VOLUME } from "./gpu-job-defaults";

/** Seconds after which a job is ended as failed where its author says nothing: a day. */
export const DEFAULT_DEADLINE_SECONDS = 86_400;

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
  const { parallelism, completions } = jobDefaults(args);
  const jobName = args.jobName ?? name;
  const labels = { ...args.labels, [JOB_LABEL]: jobName };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: compact({ name: jobName, namespace: args.namespace, labels }),
    spec: compact({
      parallelism,
      completions,
      completionMode: completions > 1 ? "Indexed" : undefined,
      backoffLimit: args.backoffLimit ?? DEFAULT_BACKOFF_LIMIT,
      activeDeadlineSeconds: args.activeDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS,
      ttlSecondsAfterFinished: args.ttlSecondsAfterFinished,
      // A replacement that starts beside the pod it replaces would need that pod's GPUs a second time.
      podReplacementPolicy: "Failed",
      podFailurePolicy: { rules: failureRules(args.permanentExitCodes ?? []) },
      template: { metadata: compact({ labels, annotations: args.annotations }), spec: podSpec(args) },
    }),
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

function podSpec(args: GpuJobArgs): k8s.types.input.core.v1.PodSpec {
  const gpuTaint = { key: GPU_RESOURCE, effect: TaintEffect.noSchedule };
  return compact({
    restartPolicy: "Never",
    nodeSelector: args.pool === undefined ? undefined : { [POOL_LABEL]: args.pool },
    tolerations: [gpuTaint, ...(args.tolerations ?? [])].map(renderToleration),
    priorityClassName: args.priorityClassName,
    serviceAccountName: args.serviceAccountName,
    automountServiceAccountToken: false,
    securityContext: { seccompProfile: { type: "RuntimeDefault" }, ...userOf(args) },
    containers: [container(args)],
    volumes: nonEmpty([...sharedMemoryVolume(args), ...(args.volumes ?? []).map(volumeOf)]),
  });
}

function userOf({ runAsUser, runAsNonRoot }: GpuJobArgs): k8s.types.input.core.v1.PodSecurityContext {
  if (runAsUser === undefined) return runAsNonRoot ? { runAsNonRoot } : {};
  // A fresh volume belongs to root. To hand over a large one at every start would take minutes.
  return { runAsNonRoot: true, runAsUser, fsGroup: runAsUser, fsGroupChangePolicy: "OnRootMismatch" };
}

function container(args: GpuJobArgs): k8s.types.input.core.v1.Container {
  const { gpus, cpu, memory } = jobDefaults(args);
  const devices = { [GPU_RESOURCE]: String(gpus) };
  return compact({
    name: "main",
    image: args.image,
    command: args.command,
    args: args.args,
    env: nonEmpty([
      ...Object.entries(args.env ?? {}).map(([key, value]) => ({ name: key, value })),
      ...Object.entries(args.secretEnv ?? {}).map(([key, ref]) => ({ name: key, valueFrom: { secretKeyRef: ref } })),
    ]),
    resources: { requests: { cpu, memory, ...devices }, limits: { memory, ...devices } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    volumeMounts: nonEmpty([...sharedMemoryMount(args), ...(args.volumes ?? []).map(mountOf)]),
  });
}

function sharedMemoryVolume(args: GpuJobArgs) {
  const { sharedMemory } = jobDefaults(args);
  if (sharedMemory === undefined) return [];
  return [{ name: SHARED_MEMORY_VOLUME, emptyDir: { medium: "Memory", sizeLimit: sharedMemory } }];
}

function sharedMemoryMount(args: GpuJobArgs) {
  if (jobDefaults(args).sharedMemory === undefined) return [];
  return [{ name: SHARED_MEMORY_VOLUME, mountPath: SHARED_MEMORY_PATH }];
}

function volumeOf({ name, persistentVolumeClaim, configMap, secret, scratch }: JobVolume) {
  return compact({
    name,
    persistentVolumeClaim: persistentVolumeClaim === undefined ? undefined : { claimName: persistentVolumeClaim },
    configMap: configMap === undefined ? undefined : { name: configMap },
    secret: secret === undefined ? undefined : { secretName: secret },
    emptyDir: scratch,
  });
}

function mountOf({ name, mountPath, readOnly, configMap, secret }: JobVolume) {
  const isFixed = configMap !== undefined || secret !== undefined;
  return { name, mountPath, ...((readOnly ?? isFixed) ? { readOnly: true } : {}) };
}

function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}
