import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { objectMetadata, queueLabels, workloadMetadata } from "../object";
import { type PodArgs, podOfRole, type RoleArgs } from "../pods";
import { fingerprint } from "../object/fingerprint";
import { brokerVariables } from "./broker-manifest";
import { withFirstVariables } from "../pods/first-variables";
import { type JobManifest, jobSpec } from "./job-manifest";
import type { MasterWorkerJobArgs } from "./master-worker-job-args";
import { TRAINING_VARIABLE } from "../object/training-variable";

/** Roles of the pods that train, as arguments name them, and what the names of their jobs end with. */
const ROLES = { master: "master", workers: "worker" } as const;

/** The two Jobs of a {@link MasterWorkerJob}. */
export interface MasterWorkerJobManifests {
  /** Fingerprint of the training; both jobs run anew where it is another one. */
  trainingId: pulumi.Input<string>;
  /** Fills the queue. */
  master: JobManifest;
  /** Drains it. */
  workers: JobManifest;
}

/**
 * The Kubernetes Jobs that a {@link MasterWorkerJob} with these arguments trains by.
 *
 * Workers that ran anew alone would find an empty queue, and a master no workers. So both carry the fingerprint of both.
 */
export function masterWorkerJobManifests(name: string, args: MasterWorkerJobArgs): MasterWorkerJobManifests {
  const drafts = [jobOf("master", name, args), jobOf("workers", name, args)];
  const trainingId = fingerprint(drafts.map(({ spec: { parallelism, template } }) => ({ parallelism, template })));
  return {
    trainingId,
    master: jobOf("master", name, args, trainingId),
    workers: jobOf("workers", name, args, trainingId),
  };
}

/** The pods of a role of the training. */
export function trainingPod(args: MasterWorkerJobArgs, role: RoleArgs): PodArgs {
  return podOfRole(args, role);
}

/**
 * Every worker must end well, so that one that dies late is replaced, and the new one takes up what was left. Of a Job
 * without `completions` it would not be, once the first worker has ended.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#parallel-jobs (1.36)
 */
function jobOf(
  argument: keyof typeof ROLES,
  name: string,
  args: MasterWorkerJobArgs,
  id?: pulumi.Input<string>,
): JobManifest {
  const { [argument]: roleArgs, pools, backoffLimit, permanentExitCodes, activeDeadlineSeconds } = args;
  const ofWorkload = workloadMetadata(name, args, roleArgs.image ?? args.image);
  const { objectName, labels, annotations } = ofWorkload;
  const { first, env } = brokerVariables(name, args);
  const pod = trainingPod(args, roleArgs);
  const role = ROLES[argument];
  const size = argument === "workers" ? { parallelism: roleArgs.replicas ?? 1 } : {};
  const context = {
    objectName,
    labels,
    annotations,
    role,
    pools,
    defaultGpus: 0,
    env: { ...env, ...(id === undefined ? {} : { [TRAINING_VARIABLE]: id }) },
  };
  const limits = compact({ backoffLimit, permanentExitCodes, activeDeadlineSeconds });
  const { completionMode: _numbered, ...spec } = jobSpec({ ...pod, ...size, ...limits }, context);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { ...objectMetadata(args, ofWorkload, queueLabels(args)), name: `${objectName}-${role}` },
    spec: { ...spec, template: withFirstVariables(spec.template, first) },
  };
}
