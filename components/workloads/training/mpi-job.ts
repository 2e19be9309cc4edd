import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject, logAdvice } from "../object";
import type { MpiJobArgs } from "./mpi-job-args";
import { mpiJobManifest } from "./mpi-job-manifest";
import { mpiRoles } from "./mpi-job-roles";
import { validateMpiJob } from "./mpi-job-validation";
import { rolesAdvice } from "./training-role";

/**
 * A program of MPI or Horovod: a launcher starts it on all workers by SSH.
 *
 * The operator makes the keys, the host file and the names by which pods find each other. A change of the arguments runs the
 * job anew, in the place of the old one. Needs an MPI operator.
 *
 * Creates one MPIJob.
 */
export class MpiJob extends pulumi.ComponentResource {
  /** Name of the MPIJob object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the MPIJob object. */
  public readonly namespace: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when a count or quantity is out of its range, when no known pool has what a role asks
   * for, when a variable, volume or path is used that the operator uses, or
   * when a name is misspelt or too long.
   */
  constructor(name: string, args: MpiJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:MpiJob", name, checkedInputs("MpiJob", name, args, validateMpiJob(name, args)), opts);

    const job = customObject(`${name}-job`, mpiJobManifest(name, args), {
      parent: this,
      isRun: true,
      done: "condition=Succeeded",
      wait: { ...args, deadlineSeconds: args.activeDeadlineSeconds },
    });
    logAdvice(rolesAdvice(`MpiJob ${name}`, [mpiRoles(args).worker], args.pools), this);
    this.objectName = job.metadata.name;
    this.namespace = job.metadata.namespace;
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace });
  }
}
