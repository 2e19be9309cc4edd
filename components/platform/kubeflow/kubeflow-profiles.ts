import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { RenderedObjects } from "../../rendering";
import { kubeflowNamespace } from "./kubeflow-namespace";
import { type KubeflowProfilesArgs, validateKubeflowProfiles } from "./kubeflow-profiles-args";
import { kubeflowProfilesRendering } from "./kubeflow-profiles-manifests";

/**
 * Profiles of Kubeflow: a namespace for each user or team, with rights for its owner, a quota, and a rule that lets in nobody
 * else; and PodDefaults, which configure pods in them.
 *
 * The types `Profile` and `PodDefault` stay when this component goes: without the former, every namespace of a user would be
 * deleted.
 *
 * Creates a namespace, the resource types, the controller with the service that manages access (KFAM), and the webhook of
 * PodDefaults. Needs Istio, and cert-manager for PodDefaults.
 */
export class KubeflowProfiles extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  public readonly namespace: pulumi.Output<string>;
  /** True once profiles can be created. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when there is no console, PodDefaults lack cert-manager, the namespace is Kubernetes'
   * own, or a name, label, number, quantity or version is misspelt.
   */
  constructor(name: string, args: KubeflowProfilesArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateKubeflowProfiles(name, args);
    super("mlstack:index:KubeflowProfiles", name, checkedInputs("KubeflowProfiles", name, args, errors), opts);

    const rendering = kubeflowProfilesRendering(args);
    const { name: namespace, made } = kubeflowNamespace(name, args, this, args.console);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: made });
    this.namespace = namespace;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}
