import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject, logAdvice } from "../object";
import { sweepAdvice } from "./sweep-advice";
import { type SweepArgs, SweepResumePolicy } from "./sweep-args";
import { sweepManifest } from "./sweep-manifest";
import { validateSweep } from "./sweep-validation";

/**
 * Tries out hyperparameters: runs one workload many times with other values, several of them at a time, and keeps those that
 * do best. Katib runs it.
 *
 * Any change begins a new sweep, unless `resumePolicy` says that it goes on: then its three counts may be changed, and Katib
 * refuses any other change. Creates one Experiment.
 */
export class Sweep extends pulumi.ComponentResource {
  /** Name of the Experiment object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the Experiment object. */
  public readonly namespace: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when a parameter is declared and not used or used and not declared, when its values
   * make no sense or the algorithm cannot take them, when a setting of the algorithm is unknown, when the trial's kind is not
   * known and not described, when metrics could not be read, when a count is out of its range, or when the name is longer
   * than 40 characters, or than its trials' pods have room for. Of a trial that only the engine knows, the update fails in this
   * way once it is known that a parameter is not used or not declared.
   */
  constructor(name: string, args: SweepArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:Sweep", name, checkedInputs("Sweep", name, args, validateSweep(name, args)), opts);

    logAdvice(sweepAdvice(`Sweep ${name}`, args), this);
    const { resumePolicy = SweepResumePolicy.never } = args;
    const experiment = customObject(`${name}-experiment`, sweepManifest(name, args), {
      parent: this,
      isRun: resumePolicy === SweepResumePolicy.never,
      done: "condition=Succeeded",
      wait: args,
    });
    this.objectName = experiment.metadata.name;
    this.namespace = experiment.metadata.namespace;
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace });
  }
}
