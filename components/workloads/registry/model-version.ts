import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { jobObject } from "../jobs/job-object";
import type { ModelVersionArgs } from "./model-version-args";
import { DEFAULT_DEADLINE_SECONDS, modelVersionManifests } from "./model-version-manifest";
import { versionOf } from "./model-version-record";
import { validateModelVersion } from "./model-version-validation";

/**
 * A version of a model in Kubeflow's model registry, with what it was made from and how good it is.
 *
 * An update waits until the version is registered and fails with it; what depends on it is made after it. A version that is
 * registered already is left as it is where it is the same, and refused where it is another one. It stays in the registry
 * when the resource is deleted.
 *
 * Creates a ConfigMap and a Job. Needs the ModelRegistry.
 */
export class ModelVersion extends pulumi.ComponentResource {
  /** Name of the Job object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the Job object. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the version; known once it is registered, or skipped by its gate. */
  public readonly version: pulumi.Output<string>;
  /** Address of the model's files; known once the version is registered, or skipped by its gate. */
  public readonly modelUri: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when model, version or address are not told, when a property has another's name, when
   * a gate asks for a metric that nobody tells or lets nothing pass, or when a name, number, image or volume is misspelt.
   */
  constructor(name: string, args: ModelVersionArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateModelVersion(name, args);
    super("mlstack:index:ModelVersion", name, checkedInputs("ModelVersion", name, args, errors), opts);

    const { script, job: manifest } = modelVersionManifests(name, args);
    const config = new k8s.core.v1.ConfigMap(`${name}-script`, script, { parent: this });
    const { activeDeadlineSeconds = DEFAULT_DEADLINE_SECONDS } = args;
    const job = jobObject(`${name}-job`, manifest, { activeDeadlineSeconds }, { parent: this, dependsOn: [config] });
    const registered = job.id;
    this.objectName = job.metadata.name;
    this.namespace = job.metadata.namespace;
    this.version = pulumi.all([versionOf(args)!, registered]).apply(([version]) => version);
    this.modelUri = pulumi.all([args.uri, registered]).apply(([uri]) => uri);
    this.registerOutputs({
      objectName: this.objectName,
      namespace: this.namespace,
      version: this.version,
      modelUri: this.modelUri,
    });
  }
}
