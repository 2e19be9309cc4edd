import type * as pulumi from "@pulumi/pulumi";
import {
  checkDnsLabel,
  checkOwnNamespace,
  checkQuantity,
  checkTaintSyntax,
  type InputProblem,
  type Toleration,
} from "../../internal";

/** What the container of the EFA device plugin asks for. */
export interface EfaDevicePluginResources {
  /** CPU request, a Kubernetes quantity; `10m` by default. */
  cpu?: string;
  /** Memory request and limit, a Kubernetes quantity; `64Mi` by default. */
  memory?: string;
}

/** What an {@link EfaDevicePlugin} is made from. Every argument has a default. */
export interface EfaDevicePluginArgs {
  /**
   * Namespace to create for the plugin; `efa-device-plugin` by default. It is labelled `privileged` for Pod Security, as
   * the plugin is a privileged container, so it is for nothing else.
   */
  namespace?: string;
  /** Tolerations beside those of every `nvidia.com/gpu` and `vpc.amazonaws.com/efa` taint: one for each further taint. */
  tolerations?: Toleration[];
  /** Priority class; `system-node-critical` by default, as without the plugin a node has no EFA. */
  priorityClassName?: pulumi.Input<string>;
  /** What the plugin's container asks for. */
  resources?: EfaDevicePluginResources;
  /** Image in place of the pinned one, for example that of the EKS registry in the cluster's own region. */
  image?: pulumi.Input<string>;
}

/** Name of every object that the plugin consists of, and of its namespace where nothing else is said. */
export const EFA_DEVICE_PLUGIN_NAME = "efa-device-plugin";

/** Checks an EFA device plugin's inputs. */
export function validateEfaDevicePlugin(_name: string, args: EfaDevicePluginArgs): InputProblem[] {
  const namespace = args.namespace ?? EFA_DEVICE_PLUGIN_NAME;
  return [
    ...checkDnsLabel("namespace", namespace),
    ...checkOwnNamespace(namespace),
    ...checkTaintSyntax("tolerations", args.tolerations),
    ...checkQuantity("resources.cpu", args.resources?.cpu, "10m"),
    ...checkQuantity("resources.memory", args.resources?.memory, "64Mi"),
  ];
}
