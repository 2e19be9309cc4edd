import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject, logAdvice } from "../object";
import type { TensorFlowJobArgs } from "./tensor-flow-job-args";
import { tensorFlowJobManifest, tensorFlowRoles } from "./tensor-flow-job-manifest";
import { validateTensorFlowJob } from "./tensor-flow-job-validation";
import { rolesAdvice } from "./training-role";

/**
 * Distributed training with TensorFlow: parameter servers, workers, and perhaps a chief and an evaluator.
 *
 * Each process finds the addresses of all others, its role and its number in `TF_CONFIG`. A change of the arguments runs the
 * job anew, in the place of the old one. Needs a training operator.
 *
 * Creates one TFJob.
 */
export class TensorFlowJob extends pulumi.ComponentResource {
  /** Name of the TFJob object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the TFJob object. */
  public readonly namespace: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when a count or quantity is out of its range, when no known pool has what a role asks
   * for, when there are several chiefs or evaluators, when `successPolicy` is given beside a chief, when `TF_CONFIG` is set by
   * hand, or when a name is misspelt or too long.
   */
  constructor(name: string, args: TensorFlowJobArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateTensorFlowJob(name, args);
    super("mlstack:index:TensorFlowJob", name, checkedInputs("TensorFlowJob", name, args, errors), opts);

    const wait = { ...args, deadlineSeconds: args.activeDeadlineSeconds };
    const job = customObject(`${name}-job`, tensorFlowJobManifest(name, args), {
      parent: this,
      isRun: true,
      done: "condition=Succeeded",
      wait,
    });
    logAdvice(rolesAdvice(`TensorFlowJob ${name}`, tensorFlowRoles(args), args.pools), this);
    this.objectName = job.metadata.name;
    this.namespace = job.metadata.namespace;
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace });
  }
}
