import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { JobLimitsArgs } from "./job-args";
import { DEFAULT_DEADLINE_SECONDS } from "../object/deadline";
import type { JobManifest } from "./job-manifest";

/** Seconds that Pulumi goes on waiting after the job's deadline, for Kubernetes to end it and say why. */
const GRACE_SECONDS = 300;

/** Registers a Job, which the update waits for. */
export function jobObject(
  name: string,
  manifest: JobManifest,
  { activeDeadlineSeconds = DEFAULT_DEADLINE_SECONDS }: JobLimitsArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.batch.v1.Job {
  const timeout = `${activeDeadlineSeconds + GRACE_SECONDS}s`;
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
 * Without it a failed Job would be awaited again, in vain, in every later update.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/api-docs/batch/v1/job/ (4.25.0)
 */
const rerunWhenFailed = { "pulumi.com/replaceUnready": "true" };
