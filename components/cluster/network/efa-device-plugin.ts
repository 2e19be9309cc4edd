import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, privilegedNamespace } from "../../internal";
import { EFA_DEVICE_PLUGIN_NAME, type EfaDevicePluginArgs, validateEfaDevicePlugin } from "./efa-device-plugin-args";
import { efaDevicePluginManifest } from "./efa-device-plugin-manifest";

/**
 * AWS's device plugin for the Elastic Fabric Adapter: makes the EFA interfaces of nodes show as `vpc.amazonaws.com/efa`.
 * It runs on nodes labelled `mlstack.dev/efa=true`, as those of a GpuNodePool with EFA are.
 *
 * EFA works between nodes of one availability zone whose interfaces are in a security group that lets everything in from
 * itself and out to itself. The security group that EKS makes for a cluster does; another one needs both rules.
 *
 * Not for nodes that bring a plugin of their own, as those of EKS Auto Mode do.
 *
 * Creates a namespace and a DaemonSet.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
 */
export class EfaDevicePlugin extends pulumi.ComponentResource {
  /** Namespace of the plugin. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the plugin runs on every node with EFA there is, which may be none yet. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the namespace is not one of the plugin's own, or when a toleration or
   * quantity is misspelt.
   */
  constructor(name: string, args: EfaDevicePluginArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateEfaDevicePlugin(name, args);
    super("mlstack:index:EfaDevicePlugin", name, checkedInputs("EfaDevicePlugin", name, args, errors), opts);

    const namespace = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: args.namespace ?? EFA_DEVICE_PLUGIN_NAME, labels: privilegedNamespace } },
      { parent: this },
    );
    this.namespace = namespace.metadata.name;
    const daemonSet = new k8s.apps.v1.DaemonSet(`${name}-daemon-set`, efaDevicePluginManifest(args, this.namespace), {
      parent: this,
    });
    this.ready = daemonSet.id.apply(() => true);
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}
