import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject, logAdvice, scaleUpAdvice } from "../object";
import type { TrainJobArgs } from "./train-job-args";
import { GPUS_OF_TRAIN_NODE, trainJobManifest, trainJobNodes } from "./train-job-manifest";
import { validateTrainJob } from "./train-job-validation";

/**
 * Distributed training on one or many nodes, by a runtime of Trainer: PyTorch, DeepSpeed, MPI, JAX, XGBoost.
 *
 * The runtime has the image and how processes find each other; the job says what runs, on how many nodes, and on what
 * hardware. A change of the arguments runs the job anew, in the place of the old one. Needs Trainer.
 *
 * Creates one TrainJob.
 */
export class TrainJob extends pulumi.ComponentResource {
  /** Name of the TrainJob object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the TrainJob object. */
  public readonly namespace: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when a count or quantity is out of its range, when no known pool has what is asked for,
   * when the framework has no runtime and none is named, when an argument has no effect with the framework, when a variable,
   * volume or path is used that Trainer uses, or when a name is misspelt or too long.
   */
  constructor(name: string, args: TrainJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:TrainJob", name, checkedInputs("TrainJob", name, args, validateTrainJob(name, args)), opts);

    const job = customObject(`${name}-job`, trainJobManifest(name, args), {
      parent: this,
      isRun: true,
      done: "condition=Complete",
      wait: { ...args, deadlineSeconds: args.activeDeadlineSeconds },
    });
    const { gpus = GPUS_OF_TRAIN_NODE } = args;
    const size = { path: "", countArgument: "nodes", pods: trainJobNodes(args), gpus, gpuSharing: args.gpuSharing };
    logAdvice(scaleUpAdvice(`TrainJob ${name}`, size, args.pools), this);
    this.objectName = job.metadata.name;
    this.namespace = job.metadata.namespace;
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace });
  }
}
