import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { DEFAULT_DEADLINE_SECONDS } from "../object/deadline";
import { gangQueueLabels, type Manifest, objectMetadata, workloadMetadata } from "../object";
import { podOfRole } from "../pods";
import type { MxNetJobArgs } from "./mx-net-job-args";
import { jobContext, podsOf, roleTemplate, type TrainingRole } from "./training-role";

/** Port of the scheduler where nothing is said; the one that Kubeflow's MXJob had. */
const DEFAULT_SCHEDULER_PORT = 9091;

/** Times that a job starts anew where nothing is said. */
const DEFAULT_MAX_RESTARTS = 3;

/** The roles of a job in the order of their start, by the names that MXNet has for them. */
const ROLES = [
  { type: "scheduler", argument: "scheduler", defaultGpus: 0 },
  { type: "server", argument: "servers", defaultGpus: 0 },
  { type: "worker", argument: "workers", defaultGpus: 1 },
] as const;

/**
 * The JobSet that an {@link MxNetJob} with these arguments is; to be embedded where other objects carry JobSets.
 *
 * @param name name of the job where the arguments give none.
 * @see https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/api/jobset/v1alpha2/jobset_types.go
 */
export function mxNetJobManifest(name: string, args: MxNetJobArgs): Manifest {
  const metadata = workloadMetadata(name, args, args.image);
  const context = jobContext(metadata, args);
  const roles = mxNetRoles(args);
  const variables = variablesOf(metadata.objectName, args);
  const replicatedJob = (role: TrainingRole, before: TrainingRole | undefined) =>
    compact({
      name: role.type,
      replicas: 1,
      template: {
        spec: {
          ...attempt(args),
          parallelism: role.replicas,
          completions: role.replicas,
          template: roleTemplate(role, context, {
            restartPolicy: "Never",
            env: { ...variables, DMLC_ROLE: role.type },
          }),
        },
      },
      dependsOn: before && [{ name: before.type, status: "Ready" }],
    });
  return {
    apiVersion: "jobset.x-k8s.io/v1alpha2",
    kind: "JobSet",
    metadata: objectMetadata(args, metadata, gangQueueLabels(args, podsOf(roles))),
    spec: compact({
      replicatedJobs: roles.map((role, index) => replicatedJob(role, roles[index - 1])),
      // Servers and scheduler end by themselves only where the program has them do so.
      successPolicy: { operator: "All", targetReplicatedJobs: ["worker"] },
      failurePolicy: failurePolicy(args),
      ttlSecondsAfterFinished: args.ttlSecondsAfterFinished,
    }),
  };
}

/** The roles of a job; total, so that checks may use it on arguments that are still unchecked. */
export function mxNetRoles(args: MxNetJobArgs): TrainingRole[] {
  return ROLES.map(({ type, argument, defaultGpus }) => {
    const given = args[argument] ?? {};
    const { replicas = 1 } = given;
    // What MXNet's servers and workers exchange goes through TCP, which is neither NCCL's nor the adapters' business.
    return { type, path: `${argument}.`, given, pod: podOfRole(args, given), replicas, defaultGpus, peers: 1 };
  });
}

/**
 * Where the pods of a JobSet find one of them: the JobSet has a headless service of its own name.
 *
 * @see https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/api/jobset/v1alpha2/jobset_types.go "EnableDNSHostnames"
 */
export function jobSetHost(jobSet: string, replicatedJob: string, jobIndex: number, podIndex: number): string {
  return `${jobSet}-${replicatedJob}-${jobIndex}-${podIndex}.${jobSet}`;
}

/**
 * Variables by which MXNet's processes find each other. A scheduler listens on every address only where it is told that it
 * runs on Kubernetes; it would else try to listen on its own name.
 *
 * @see https://github.com/dmlc/ps-lite/blob/master/docs/env.md and src/zmq_van.h "Bind" (read 2026-11)
 */
function variablesOf(objectName: string, args: MxNetJobArgs): Record<string, pulumi.Input<string>> {
  return {
    DMLC_PS_ROOT_URI: jobSetHost(objectName, "scheduler", 0, 0),
    DMLC_PS_ROOT_PORT: String(args.schedulerPort ?? DEFAULT_SCHEDULER_PORT),
    DMLC_NUM_SERVER: String(args.servers?.replicas ?? 1),
    DMLC_NUM_WORKER: String(args.workers?.replicas ?? 1),
    DMLC_USE_KUBERNETES: "1",
  };
}

/** A process that starts again by itself cannot join the others, so the first failure of a pod is one of the whole. */
function attempt({ activeDeadlineSeconds = DEFAULT_DEADLINE_SECONDS }: MxNetJobArgs) {
  return {
    completionMode: "Indexed",
    backoffLimit: 0,
    activeDeadlineSeconds,
    podReplacementPolicy: "Failed",
    podFailurePolicy: {
      rules: [{ action: "FailJob", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
    },
  };
}

/** Jobs fail by their pod failure policy only where a pod was disrupted. All old pods are gone before new ones want GPUs. */
function failurePolicy({ maxRestarts = DEFAULT_MAX_RESTARTS }: MxNetJobArgs) {
  return {
    maxRestarts,
    restartStrategy: "BlockingRecreate",
    rules: [
      { name: "disruption", action: "RestartJobSetAndIgnoreMaxRestarts", onJobFailureReasons: ["PodFailurePolicy"] },
      { name: "deadline", action: "FailJobSet", onJobFailureReasons: ["DeadlineExceeded"] },
    ],
  };
}
