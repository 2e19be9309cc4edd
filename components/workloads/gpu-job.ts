import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../internal";
import type { GpuJobArgs } from "./gpu-job-args";
import { DEFAULT_DEADLINE_SECONDS, gpuJobManifest } from "./gpu-job-manifest";
import { validateGpuJob } from "./gpu-job-validation";

/** Seconds that Pulumi goes on waiting after the job's deadline, for Kubernetes to end it and say why. */
const GRACE_SECONDS = 300;

/**
 * A program that runs to its end on whole GPUs: training, refitting, batch inference.
 *
 * An update waits until the job has completed and fails with it; what depends on the job is created after it. A job
 * that failed runs anew in the next update, one that completed does not. A change of its arguments runs it anew in both
 * cases; only `backoffLimit`, `activeDeadlineSeconds` and `ttlSecondsAfterFinished` change on the Job that is there.
 *
 * Creates one Job.
 */
export class GpuJob extends pulumi.ComponentResource {
  /** Name of the Job object. */
  public readonly jobName: pulumi.Output<string>;
  /** Namespace of the Job object. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the job has completed. A job that fails ends the update instead. */
  public readonly completed: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when a count or quantity is out of its range, when shared memory does not fit
   * into the memory, when a volume has not exactly one source or takes another's name or path, or when a name or the
   * annotation `mlstack.dev/simulate` is misspelt.
   */
  constructor(name: string, args: GpuJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:GpuJob", name, checkedInputs("GpuJob", name, args, validateGpuJob(name, args)), opts);

    const manifest = gpuJobManifest(name, args);
    const timeout = `${(args.activeDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS) + GRACE_SECONDS}s`;
    const job = new k8s.batch.v1.Job(
      `${name}-job`,
      { ...manifest, metadata: { ...manifest.metadata, annotations: rerunWhenFailed } },
      {
        parent: this,
        // Kubernetes lets these change no more than the template, which the provider replaces the job for by itself.
        replaceOnChanges: ["spec.completionMode", "spec.podFailurePolicy"],
        deleteBeforeReplace: true,
        customTimeouts: { create: timeout, update: timeout },
      },
    );
    this.jobName = job.metadata.name;
    this.namespace = job.metadata.namespace;
    this.completed = job.id.apply(() => true);
    this.registerOutputs({ jobName: this.jobName, namespace: this.namespace, completed: this.completed });
  }
}

/**
 * Without it a failed Job would be awaited again, in vain, in every later update.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/api-docs/batch/v1/job/ (4.25.0)
 */
const rerunWhenFailed = { "pulumi.com/replaceUnready": "true" };
