import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { JobLimitsArgs } from "./job-args";
import { DEFAULT_DEADLINE_SECONDS } from "../object/deadline";
import { QUEUE_LABEL } from "../../model";
import type { JobManifest } from "./job-manifest";

/** Seconds that Pulumi goes on waiting after the job's deadline, for Kubernetes to end it and say why. */
const GRACE_SECONDS = 300;

/**
 * Seconds that Pulumi goes on waiting for a job that waits in a queue first, where it is suspended: its deadline does not run
 * meanwhile.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#suspending-a-job (Kubernetes 1.36)
 */
const QUEUE_SECONDS = 86_400;

/** Registers a Job, which the update waits for: until its deadline, and a day more where it waits in a queue. */
export function jobObject(
  name: string,
  manifest: JobManifest,
  { activeDeadlineSeconds = DEFAULT_DEADLINE_SECONDS }: JobLimitsArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.batch.v1.Job {
  const queueSeconds = QUEUE_LABEL in (manifest.metadata.labels ?? {}) ? QUEUE_SECONDS : 0;
  const timeout = `${activeDeadlineSeconds + queueSeconds + GRACE_SECONDS}s`;
  const ofManifest = manifest.metadata.annotations as Record<string, pulumi.Input<string>> | undefined;
  const annotations = { ...ofManifest, ...rerunWhenFailed };
  return new k8s.batch.v1.Job(
    name,
    { ...manifest, metadata: { ...manifest.metadata, annotations } },
    {
      // Kubernetes lets these change no more than the template, which the provider replaces the job for by itself.
      replaceOnChanges: ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "successPolicy"].map(
        (field) => `spec.${field}`,
      ),
      deleteBeforeReplace: true,
      customTimeouts: { create: timeout, update: timeout },
      ...opts,
    },
  );
}

/**
 * Without it a failed Job would be awaited again, in vain, in every later update. The provider replaces every Job that is not
 * complete, so one that still runs or waits as well.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/api-docs/batch/v1/job/ (4.25.0)
 */
const rerunWhenFailed = { "pulumi.com/replaceUnready": "true" };
