import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { jobSpec } from "../jobs/job-manifest";
import { type Manifest, objectMetadata, queueLabels, workloadMetadata, type WorkloadMetadata } from "../object";
import type { PodArgs } from "../pods";
import { IMAGES } from "../../model/images";
import { driftClaims } from "./drift-claims";
import type { DriftMonitorArgs } from "./drift-monitor-args";
import { PROGRAM, PROGRAM_FOLDER, programFiles, stateName } from "./drift-monitor-program";

const USER = 1000;
const DEADLINE_SECONDS = 3600;
const RETRIES = 1;
const HISTORY = 3;

/** Seconds after its time within which a look may still start; the next one sees the same. */
const STARTING_DEADLINE_SECONDS = 600;

/** A ConfigMap as it is given to Kubernetes. */
export interface ConfigMapManifest extends Omit<Manifest, "spec"> {
  /** Files by their names. */
  data?: Record<string, pulumi.Input<string>>;
}

/** A Role as it is given to Kubernetes. */
export interface RoleManifest extends Omit<Manifest, "spec"> {
  /** What it allows. */
  rules: k8s.types.input.rbac.v1.PolicyRule[];
}

/** A RoleBinding as it is given to Kubernetes. */
export interface RoleBindingManifest extends Omit<Manifest, "spec"> {
  /** What is allowed. */
  roleRef: k8s.types.input.rbac.v1.RoleRef;
  /** To whom; the account of the namespace `default` where none is given. */
  subjects: k8s.types.input.rbac.v1.Subject[];
}

/** Every Kubernetes object of a {@link DriftMonitor}. */
export interface DriftMonitorManifests {
  /** Program and settings. */
  program: ConfigMapManifest;
  /** What the monitor keeps from one look to the next; empty at first. */
  state: ConfigMapManifest;
  /** Whom it asks the API server as. */
  account: Omit<Manifest, "spec">;
  /** What it may ask. */
  role: RoleManifest;
  /** Gives that to the account. */
  binding: RoleBindingManifest;
  /** When it looks. */
  schedule: Manifest;
}

/**
 * The Kubernetes objects that a {@link DriftMonitor} with these arguments is.
 *
 * @param name name of the objects where the arguments give none.
 */
export function driftMonitorManifests(name: string, args: DriftMonitorArgs): DriftMonitorManifests {
  const pod = podOf(args);
  const metadata = workloadMetadata(name, args, pod.image);
  const own = objectMetadata(args, metadata);
  const { objectName } = metadata;
  const state = { ...own, name: stateName(objectName) };
  const subject = { kind: "ServiceAccount", name: objectName, namespace: args.namespace ?? "default" };
  return {
    program: { apiVersion: "v1", kind: "ConfigMap", metadata: own, data: programFiles(objectName, args) },
    state: { apiVersion: "v1", kind: "ConfigMap", metadata: state },
    account: { apiVersion: "v1", kind: "ServiceAccount", metadata: own },
    role: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: own, rules: rulesOf(objectName, args) },
    binding: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: own,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: objectName },
      subjects: [subject],
    },
    schedule: scheduleOf(args, pod, metadata),
  };
}

/** What a pod runs that looks once; claims and settings are added to it. */
export function podOf(args: DriftMonitorArgs): PodArgs {
  const { cpu, memory, pool, tolerations, architecture, sharedMemory } = args;
  return compact({
    ...compact({ cpu, memory, pool, tolerations, architecture, sharedMemory }),
    image: args.image ?? IMAGES.python,
    command: PROGRAM,
    runAsUser: args.runAsUser ?? USER,
  });
}

/**
 * Nothing but its own memory, and to start what trains the model. Whoever may create Jobs or Workflows can run any pod of the
 * namespace: Kubernetes cannot allow one Job alone.
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation (1.36)
 */
function rulesOf(objectName: string, { retrain = {} }: DriftMonitorArgs): k8s.types.input.rbac.v1.PolicyRule[] {
  const { cronJob, workflowTemplate } = retrain;
  return [
    { apiGroups: [""], resources: ["configmaps"], resourceNames: [stateName(objectName)], verbs: ["get", "update"] },
    ...(cronJob === undefined
      ? []
      : [
          { apiGroups: ["batch"], resources: ["cronjobs"], resourceNames: [cronJob], verbs: ["get"] },
          { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] },
        ]),
    ...(workflowTemplate === undefined
      ? []
      : [{ apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["create"] }]),
  ];
}

function scheduleOf(args: DriftMonitorArgs, pod: PodArgs, metadata: WorkloadMetadata): Manifest {
  const { objectName } = metadata;
  const { activeDeadlineSeconds = DEADLINE_SECONDS, pools } = args;
  const program = { name: "program", mountPath: PROGRAM_FOLDER, configMap: objectName };
  const volumes = [program, ...driftClaims(args).volumes];
  const job = { ...pod, volumes, serviceAccountName: objectName, backoffLimit: RETRIES, activeDeadlineSeconds };
  const { labels, annotations } = objectMetadata(args, metadata, queueLabels(args));
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: objectMetadata(args, metadata),
    spec: {
      schedule: args.schedule,
      timeZone: args.timeZone ?? "UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: STARTING_DEADLINE_SECONDS,
      successfulJobsHistoryLimit: HISTORY,
      failedJobsHistoryLimit: HISTORY,
      suspend: args.suspend ?? false,
      jobTemplate: {
        metadata: compact({ labels, annotations }),
        spec: jobSpec(job, { ...metadata, pools, defaultGpus: 0, mountsToken: true }),
      },
    },
  };
}
