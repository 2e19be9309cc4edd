import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { RenderedObjects } from "../../rendering";
import { databaseSecret } from "./database";
import { type KatibArgs, validateKatib } from "./katib-args";
import { KATIB_SECRET, katibRendering } from "./katib-manifests";
import { kubeflowNamespace } from "./kubeflow-namespace";

/**
 * Katib: tries out hyperparameters. An Experiment runs trials, each a job with other values, reads their metrics, and asks a
 * suggestion service what to try next.
 *
 * Namespaces in which experiments run need the label `katib.kubeflow.org/metrics-collector-injection: enabled`.
 *
 * Creates a namespace, the resource types, the controller with its webhooks, and the database manager; by default also a
 * MySQL with a made-up password.
 */
export class Katib extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  public readonly namespace: pulumi.Output<string>;
  /** True once experiments can be created: types are established, and the webhook answers. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, a name, number, quantity, kind or version is
   * misspelt, the database is asked for TLS, or the web UI lacks cert-manager.
   */
  constructor(name: string, args: KatibArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateKatib(name, args);
    super("mlstack:index:Katib", name, checkedInputs("Katib", name, args, errors), opts);

    const rendering = katibRendering(args);
    const { name: namespace, made } = kubeflowNamespace(name, args, this, args.console);
    const secret = { namespace, secretName: KATIB_SECRET.name, generated: [KATIB_SECRET.key] };
    const secrets = databaseSecret(name, secret, args.database, { parent: this });
    const objects = new RenderedObjects(`${name}-objects`, rendering, {
      parent: this,
      dependsOn: [...made, ...secrets],
    });
    this.namespace = namespace;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}
