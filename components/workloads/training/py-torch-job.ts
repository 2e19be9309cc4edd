import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject, logAdvice, scaleUpAdvice } from "../object";
import type { PyTorchJobArgs } from "./py-torch-job-args";
import { GPUS_OF_NODE, pyTorchJobManifest } from "./py-torch-job-manifest";
import { validatePyTorchJob } from "./py-torch-job-validation";

/**
 * Distributed training with PyTorch, started by `torchrun` on each node, which finds the others by variables.
 *
 * A change of the arguments runs the job anew, in the place of the old one. Needs a training operator; where Trainer is
 * installed, a TrainJob does the same and is what is developed further.
 *
 * Creates one PyTorchJob.
 */
export class PyTorchJob extends pulumi.ComponentResource {
  /** Name of the PyTorchJob object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the PyTorchJob object. */
  public readonly namespace: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when a count or quantity is out of its range, when no known pool has what is asked for,
   * when a variable is set by hand that the operator sets, or when a name is misspelt or too long.
   */
  constructor(name: string, args: PyTorchJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "mlstack:index:PyTorchJob",
      name,
      checkedInputs("PyTorchJob", name, args, validatePyTorchJob(name, args)),
      opts,
    );

    const job = customObject(`${name}-job`, pyTorchJobManifest(name, args), {
      parent: this,
      isRun: true,
      done: "condition=Succeeded",
      wait: { ...args, deadlineSeconds: args.activeDeadlineSeconds },
    });
    const { nodes = 1, gpus = GPUS_OF_NODE } = args;
    logAdvice(
      scaleUpAdvice(
        `PyTorchJob ${name}`,
        { path: "", countArgument: "nodes", pods: nodes, gpus, gpuSharing: args.gpuSharing },
        args.pools,
      ),
      this,
    );
    this.objectName = job.metadata.name;
    this.namespace = job.metadata.namespace;
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace });
  }
}
