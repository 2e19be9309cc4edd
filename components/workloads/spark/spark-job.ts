import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { customObject } from "../object/custom-object";
import type { SparkJobArgs } from "./spark-args";
import { logAdvice } from "../object/advice";
import { sparkAdvice } from "./spark-advice";
import { longestRunSeconds, sparkJobManifest } from "./spark-manifest";
import { validateSparkJob } from "./spark-validation";

/** Port of a driver's page, as the operator's Service has it. */
const UI_PORT = 4040;

/**
 * A Spark application that runs once: a driver and executors, in Python, Scala, Java or R.
 *
 * The operator goes on with it by itself; with `waitForCompletion` an update waits until it has completed, as long as all
 * attempts may take. A change of its
 * arguments runs it anew, in the place of the old one.
 *
 * Creates one SparkApplication. Needs the SparkOperator.
 */
export class SparkJob extends pulumi.ComponentResource {
  /** Name of the SparkApplication. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the SparkApplication. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the driver's pod, whose log is the program's. */
  public readonly driverPodName: pulumi.Output<string>;
  /** Address of Spark's page within the cluster, as long as the driver runs. It has no login. */
  public readonly uiUrl: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when a count, quantity or version is out of its range, when memory is no whole number
   * of MiB or too little for Java's heap, when no known pool has what is asked for, when language, file and class do not
   * fit together, when a property is set by other means or holds a secret, when an application in a queue changes its size,
   * or when a name is misspelt or too long.
   */
  constructor(name: string, args: SparkJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:SparkJob", name, checkedInputs("SparkJob", name, args, validateSparkJob(name, args)), opts);

    logAdvice(sparkAdvice("SparkJob", name, args), this);
    const { waitForCompletion, waitSeconds } = args;
    const application = customObject(`${name}-application`, sparkJobManifest(name, args), {
      parent: this,
      isRun: true,
      done: "jsonpath={.status.applicationState.state}=COMPLETED",
      wait: compact({ waitForCompletion, waitSeconds, deadlineSeconds: longestRunSeconds(args) }),
    });
    this.objectName = application.metadata.name;
    this.namespace = application.metadata.namespace;
    this.driverPodName = pulumi.interpolate`${this.objectName}-driver`;
    this.uiUrl = pulumi.interpolate`http://${this.objectName}-ui-svc.${this.namespace}.svc:${UI_PORT}`;
    this.registerOutputs({
      objectName: this.objectName,
      namespace: this.namespace,
      driverPodName: this.driverPodName,
      uiUrl: this.uiUrl,
    });
  }
}
