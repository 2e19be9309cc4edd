import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject, logAdvice } from "../object";
import type { MxNetJobArgs } from "./mx-net-job-args";
import { mxNetJobManifest, mxNetRoles } from "./mx-net-job-manifest";
import { validateMxNetJob } from "./mx-net-job-validation";
import { rolesAdvice } from "./training-role";

/**
 * Distributed training with MXNet: a scheduler, servers that hold the parameters, and workers.
 *
 * Kubeflow's operator for MXNet is gone, so this is a JobSet. Each process finds its role, the number of the others, and the
 * scheduler in variables. A change of the arguments runs the job anew, in the place of the old one. Needs a JobSet controller.
 *
 * Creates one JobSet.
 */
export class MxNetJob extends pulumi.ComponentResource {
  /** Name of the JobSet object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the JobSet object. */
  public readonly namespace: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when a count or quantity is out of its range, when no known pool has what a role asks
   * for, when there are several schedulers, when a variable is set by hand that the job sets, or when a name is misspelt or too
   * long.
   */
  constructor(name: string, args: MxNetJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:MxNetJob", name, checkedInputs("MxNetJob", name, args, validateMxNetJob(name, args)), opts);

    const job = customObject(`${name}-job`, mxNetJobManifest(name, args), {
      parent: this,
      isRun: true,
      done: "condition=Completed",
      wait: { ...args, deadlineSeconds: args.activeDeadlineSeconds },
    });
    logAdvice(rolesAdvice(`MxNetJob ${name}`, mxNetRoles(args), args.pools), this);
    this.objectName = job.metadata.name;
    this.namespace = job.metadata.namespace;
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace });
  }
}
