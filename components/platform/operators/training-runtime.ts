import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { type TrainingRuntimeArgs, validateTrainingRuntime } from "./training-runtime-args";
import { trainingRuntimeManifest } from "./training-runtime-manifest";

/**
 * What TrainJobs of a kind have in common: image, framework, nodes, where they run. Jobs name it and say what differs.
 *
 * Have it depend on the {@link Trainer}, which checks it. Jobs that were made before it changes stay as they are.
 *
 * Creates a ClusterTrainingRuntime, or with a namespace a TrainingRuntime.
 */
export class TrainingRuntime extends pulumi.ComponentResource {
  /** Name that jobs refer to, in `runtimeRef.name`. */
  public readonly runtimeName: pulumi.Output<string>;
  /** Kind that jobs refer to, in `runtimeRef.kind`. */
  public readonly runtimeKind: pulumi.Output<string>;
  /** True once the runtime can be referred to. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the image has no exact tag, when settings of MPI come with another kind, or when a
   * name, number, quantity, label or toleration is misspelt.
   */
  constructor(name: string, args: TrainingRuntimeArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateTrainingRuntime(name, args);
    super("mlstack:index:TrainingRuntime", name, checkedInputs("TrainingRuntime", name, args, errors), opts);

    const manifest = trainingRuntimeManifest(name, args);
    // What a component depends on is not told to its children, and Pulumi deletes by what it was told.
    const order = opts?.dependsOn === undefined ? {} : { dependsOn: opts.dependsOn };
    const runtime = new k8s.apiextensions.CustomResource(`${name}-runtime`, manifest, { parent: this, ...order });
    this.runtimeName = runtime.metadata.name;
    this.runtimeKind = runtime.kind;
    this.ready = runtime.id.apply(() => true);
    this.registerOutputs({ runtimeName: this.runtimeName, runtimeKind: this.runtimeKind, ready: this.ready });
  }
}
