import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import type { GpuJobArgs } from "./job-args";
import { gpuJobManifest } from "./job-manifest";
import { jobObject } from "./job-object";
import { validateGpuJob } from "./job-validation";

/**
 * A program that runs to its end on whole GPUs: training, refitting, batch inference.
 *
 * An update waits until the job has completed and fails with it; what depends on the job is created after it. A job
 * that failed runs anew in the next update, one that completed does not. A job that still runs or waits when an update
 * starts is ended and runs anew; let it end first. A change of its arguments runs it anew in all cases; only `backoffLimit`,
 * `activeDeadlineSeconds` and `ttlSecondsAfterFinished` change on a Job that has completed.
 *
 * Creates one Job.
 */
export class GpuJob extends pulumi.ComponentResource {
  /** Name of the Job object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the Job object. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the job has completed. A job that fails ends the update instead. */
  public readonly completed: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when a count or quantity is out of its range, when no known pool has what is asked
   * for, when shared memory does not fit into the memory, when a volume has not exactly one source or takes another's name or
   * path, or when a name or the annotation `mlstack.dev/simulate` is misspelt.
   */
  constructor(name: string, args: GpuJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:GpuJob", name, checkedInputs("GpuJob", name, args, validateGpuJob(name, args)), opts);

    const job = jobObject(`${name}-job`, gpuJobManifest(name, args), args, { parent: this });
    this.objectName = job.metadata.name;
    this.namespace = job.metadata.namespace;
    this.completed = job.id.apply(() => true);
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace, completed: this.completed });
  }
}
