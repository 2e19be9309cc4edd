import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import type { CronTaskArgs } from "./cron-task-args";
import { cronTaskManifest } from "./cron-task-manifest";
import { validateCronTask } from "./cron-task-validation";

/**
 * A job that runs again and again at set times: refitting with the newest data, cleaning up, reports.
 *
 * An update changes what the next run does, and leaves one that is under way alone. Creates one CronJob.
 */
export class CronTask extends pulumi.ComponentResource {
  /** Name of the CronJob object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the CronJob object. */
  public readonly namespace: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when the schedule cannot be read or never comes true, when the time zone is unknown,
   * when the name is longer than 52 characters, and when a {@link BatchJob} would refuse the job.
   */
  constructor(name: string, args: CronTaskArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:CronTask", name, checkedInputs("CronTask", name, args, validateCronTask(name, args)), opts);

    const cronJob = new k8s.batch.v1.CronJob(`${name}-schedule`, cronTaskManifest(name, args), { parent: this });
    this.objectName = cronJob.metadata.name;
    this.namespace = cronJob.metadata.namespace;
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace });
  }
}
