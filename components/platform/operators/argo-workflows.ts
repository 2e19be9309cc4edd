import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { MANIFESTS } from "../../model/versions";
import { RenderedObjects, type Rendering } from "../../rendering";
import { partNamespace, PodSecurityLevel } from "../part/part-namespace";
import { ARGO_NAMESPACE, type ArgoWorkflowsArgs } from "./argo-workflows-args";
import { argoControllerConfig } from "./argo-workflows-config";
import { ARGO_CONFIG_MAP, argoAdjustment } from "./argo-workflows-manifests";
import { validateArgoWorkflows } from "./argo-workflows-validation";

/**
 * Argo Workflows: runs steps that depend on each other, each in a pod, once or by a schedule.
 *
 * Creates a namespace, the resource types, RBAC, the configuration, the controller, and the server with its Service, which
 * is not reachable from outside of the cluster.
 */
export class ArgoWorkflows extends pulumi.ComponentResource {
  /** Namespace of controller and server. */
  public readonly namespace: pulumi.Output<string>;
  /** True once Workflows can be created: the types are established, and the controller runs. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when a mode of authentication is `server` or goes without its settings, when logs are
   * to be kept without a store, when an address of single sign-on is not `https`, or when a name, number, quantity, version or
   * key of `patches` is misspelt.
   */
  constructor(name: string, args: ArgoWorkflowsArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateArgoWorkflows(name, args);
    super("mlstack:index:ArgoWorkflows", name, checkedInputs("ArgoWorkflows", name, args, errors), opts);

    const rendering = argoWorkflowsRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    this.namespace = namespace.metadata.name;
    const configuration = new k8s.core.v1.ConfigMap(
      `${name}-configuration`,
      {
        metadata: { name: ARGO_CONFIG_MAP, namespace: this.namespace },
        data: { config: pulumi.jsonStringify(argoControllerConfig(args), undefined, 2) },
      },
      { parent: this },
    );
    const objects = new RenderedObjects(`${name}-objects`, rendering, {
      parent: this,
      dependsOn: [namespace, configuration],
    });
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** What Argo Workflows consists of, beside its namespace and its configuration. */
export function argoWorkflowsRendering(args: ArgoWorkflowsArgs): Rendering {
  const { namespace = ARGO_NAMESPACE, platform = {}, version } = args;
  // With all fields the types are some 11 MB, in Pulumi's state as well.
  const folders = ["cluster-install-no-crds", `base/crds/${platform.fullTypes === true ? "full" : "minimal"}`];
  const sources = folders.map((folder) => compact({ manifests: MANIFESTS.argoWorkflows, folder, version }));
  return { sources, facts: platform, namespace, adjust: argoAdjustment(args) };
}
