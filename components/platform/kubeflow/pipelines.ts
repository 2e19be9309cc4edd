import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { RenderedObjects } from "../../rendering";
import { databaseSecret } from "./database";
import { kubeflowNamespace } from "./kubeflow-namespace";
import { type PipelinesArgs, validatePipelines } from "./pipelines-args";
import { PIPELINES_SECRET, pipelinesRendering } from "./pipelines-manifests";

/**
 * Kubeflow Pipelines: runs pipelines of containers that are written in Python, keeps what goes in and out of each step, and
 * repeats runs by schedule. Argo Workflows does the running.
 *
 * Creates a namespace, the resource types, the API server with its agents and web UI, and the metadata store; by default also
 * a MySQL with a made-up password. Nothing of it is reached from outside of the cluster unless a `console` says so.
 */
export class Pipelines extends pulumi.ComponentResource {
  /** Namespace of the API server. */
  public readonly namespace: pulumi.Output<string>;
  /** Address of the API within the cluster, for the SDK. */
  public readonly endpoint: pulumi.Output<string>;
  /** True once pipelines can be run, provided that Argo is there. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when there is no artifact store, several users have no console, cert-manager is missing
   * for `nativeApi`, the namespace is Kubernetes' own, or a name, number, quantity, time zone or version is misspelt.
   */
  constructor(name: string, args: PipelinesArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validatePipelines(name, args);
    super("mlstack:index:Pipelines", name, checkedInputs("Pipelines", name, args, errors), opts);

    const rendering = pipelinesRendering(args);
    const { name: namespace, made } = kubeflowNamespace(name, args, this, args.console);
    const { name: secretName, username, password } = PIPELINES_SECRET;
    const secret = { namespace, secretName, generated: [password], plain: { [username]: "root" } };
    const secrets = databaseSecret(name, secret, args.database, { parent: this });
    const objects = new RenderedObjects(`${name}-objects`, rendering, {
      parent: this,
      dependsOn: [...made, ...secrets],
    });
    this.namespace = namespace;
    this.endpoint = pulumi.interpolate`http://ml-pipeline.${namespace}.svc:8888`;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, endpoint: this.endpoint, ready: this.ready });
  }
}
