import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { RenderedObjects } from "../../rendering";
import { databaseSecret } from "./database";
import { kubeflowNamespace } from "./kubeflow-namespace";
import { type ModelRegistryArgs, validateModelRegistry } from "./model-registry-args";
import { modelRegistryRendering, registrySecret } from "./model-registry-manifests";

/**
 * Kubeflow's model registry (Hub): records models, their versions and where they lie, from training to serving.
 *
 * Creates a namespace and the registry; by default also a MySQL with a made-up password, with a `console` the web UI.
 */
export class ModelRegistry extends pulumi.ComponentResource {
  /** Namespace of the registry. */
  public readonly namespace: pulumi.Output<string>;
  /** Address of the registry within the cluster, for its clients. */
  public readonly endpoint: pulumi.Output<string>;
  /** True once models can be recorded. */
  public readonly ready: pulumi.Output<boolean>;

  /** @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, or a name, number, quantity or version is misspelt. */
  constructor(name: string, args: ModelRegistryArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateModelRegistry(name, args);
    super("mlstack:index:ModelRegistry", name, checkedInputs("ModelRegistry", name, args, errors), opts);

    const rendering = modelRegistryRendering(args);
    const { name: namespace, made } = kubeflowNamespace(name, args, this, args.console);
    const secret = { namespace, ...registrySecret(args.databaseEngine) };
    const secrets = databaseSecret(name, secret, args.database, { parent: this });
    const objects = new RenderedObjects(`${name}-objects`, rendering, {
      parent: this,
      dependsOn: [...made, ...secrets],
    });
    this.namespace = namespace;
    this.endpoint = pulumi.interpolate`http://model-registry-service.${namespace}.svc:8080`;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, endpoint: this.endpoint, ready: this.ready });
  }
}
