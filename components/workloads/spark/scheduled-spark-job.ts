import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject } from "../object/custom-object";
import type { ScheduledSparkJobArgs } from "./spark-args";
import { logAdvice } from "../object/advice";
import { sparkAdvice } from "./spark-advice";
import { scheduledSparkJobManifest } from "./spark-manifest";
import { validateScheduledSparkJob } from "./spark-validation";

/**
 * A Spark application that runs at set times, one run at a time.
 *
 * A change of its arguments is for the runs that begin after it.
 *
 * Creates one ScheduledSparkApplication. Needs the SparkOperator.
 */
export class ScheduledSparkJob extends pulumi.ComponentResource {
  /** Name of the ScheduledSparkApplication. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the ScheduledSparkApplication. */
  public readonly namespace: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when the schedule or its time zone cannot be read, when the name leaves no room for
   * the time of a run, and for everything that a SparkJob is refused for.
   */
  constructor(name: string, args: ScheduledSparkJobArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateScheduledSparkJob(name, args);
    super("mlstack:index:ScheduledSparkJob", name, checkedInputs("ScheduledSparkJob", name, args, errors), opts);

    logAdvice(sparkAdvice("ScheduledSparkJob", name, args), this);
    const schedule = customObject(`${name}-schedule`, scheduledSparkJobManifest(name, args), { parent: this });
    this.objectName = schedule.metadata.name;
    this.namespace = schedule.metadata.namespace;
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace });
  }
}
