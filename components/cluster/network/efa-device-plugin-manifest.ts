import type * as pulumi from "@pulumi/pulumi";
import { renderToleration } from "../../internal";
import { EFA_LABEL, EFA_RESOURCE, GPU_RESOURCE } from "../../model";
import { IMAGES } from "../../model/images";
import { EFA_DEVICE_PLUGIN_NAME, type EfaDevicePluginArgs } from "./efa-device-plugin-args";

/**
 * The DaemonSet that shows the EFA interfaces of a node to the kubelet.
 *
 * It follows AWS's chart, with the differences that it goes by the label of the pools rather than by a list of instance
 * types, which a new type is not on; that it tolerates the taints of GPU nodes, which the chart does not; that it bounds
 * its memory; and that it leaves out what is for Neuron.
 *
 * @see https://github.com/aws/eks-charts/tree/master/stable/aws-efa-k8s-device-plugin (chart v0.5.30)
 */
export function efaDevicePluginManifest(args: EfaDevicePluginArgs, namespace: pulumi.Input<string>) {
  const { cpu = "10m", memory = "64Mi" } = args.resources ?? {};
  const labels = { "app.kubernetes.io/name": EFA_DEVICE_PLUGIN_NAME };
  return {
    apiVersion: "apps/v1" as const,
    kind: "DaemonSet" as const,
    metadata: { name: EFA_DEVICE_PLUGIN_NAME, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate" },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: args.priorityClassName ?? "system-node-critical",
          automountServiceAccountToken: false,
          // As in the chart: what it reads of the interfaces belongs to the network of the node.
          hostNetwork: true,
          nodeSelector: { [EFA_LABEL]: "true" },
          tolerations: [{ key: GPU_RESOURCE }, { key: EFA_RESOURCE }, ...(args.tolerations ?? [])].map(
            renderToleration,
          ),
          containers: [
            {
              name: EFA_DEVICE_PLUGIN_NAME,
              image: args.image ?? IMAGES.efaDevicePlugin,
              resources: { requests: { cpu, memory }, limits: { memory } },
              securityContext: { privileged: true, runAsUser: 0 },
              volumeMounts: [
                { name: "kubelet-device-plugins-dir", mountPath: "/var/lib/kubelet/device-plugins" },
                { name: "infiniband", mountPath: "/dev/infiniband" },
              ],
            },
          ],
          volumes: [
            {
              name: "kubelet-device-plugins-dir",
              hostPath: { path: "/var/lib/kubelet/device-plugins", type: "Directory" },
            },
            { name: "infiniband", hostPath: { path: "/dev/infiniband", type: "Directory" } },
          ],
        },
      },
    },
  };
}
