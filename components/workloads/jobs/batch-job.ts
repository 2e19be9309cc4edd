import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import type { BatchJobArgs } from "./job-args";
import { batchJobManifest } from "./job-manifest";
import { jobObject } from "./job-object";
import { validateBatchJob } from "./job-validation";

/**
 * A program that runs to its end without a GPU: preparing data, evaluating, packaging.
 *
 * An update waits for it, and runs it anew, as it does with a {@link GpuJob}: a job that still runs or waits when an update
 * starts is ended and runs anew; let it end first.
 *
 * Creates one Job.
 */
export class BatchJob extends pulumi.ComponentResource {
  /** Name of the Job object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the Job object. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the job has completed. A job that fails ends the update instead. */
  public readonly completed: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when a count or quantity is out of its range, when no known pool has what is asked
   * for, when a volume has not exactly one source or takes another's name or path, or when a name or the annotation
   * `mlstack.dev/simulate` is misspelt.
   */
  constructor(name: string, args: BatchJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:BatchJob", name, checkedInputs("BatchJob", name, args, validateBatchJob(name, args)), opts);

    const job = jobObject(`${name}-job`, batchJobManifest(name, args), args, { parent: this });
    this.objectName = job.metadata.name;
    this.namespace = job.metadata.namespace;
    this.completed = job.id.apply(() => true);
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace, completed: this.completed });
  }
}
