import { renderToleration } from "../../internal";
import { GPU_PRESENT_LABEL, GPU_RESOURCE } from "../../model";
import { type ChartValues, withValues } from "../../rendering";
import { partResources } from "../part/part-args";
import type { DcgmExporterArgs } from "./dcgm-exporter";

/** Namespace of the exporter where nothing else is asked for, and name of what it consists of. */
export const DCGM_EXPORTER_NAME = "dcgm-exporter";

/**
 * Gives every sample of an exporter of DCGM the node that it is of, as `node`. The exporter's own label for it is `Hostname`
 * up to 4.8.2, `hostname` from 4.8.3, and in neither the same as what kube-state-metrics calls the node.
 */
export const NODE_RELABELING = {
  sourceLabels: ["__meta_kubernetes_pod_node_name"],
  targetLabel: "node",
  action: "replace",
};

/**
 * Values of DCGM exporter's chart.
 *
 * `honorLabels` stays off: the pod that uses a GPU is then `exported_pod`, and missing where no pod does. With it on, a GPU
 * that nobody uses would count as used by the exporter itself.
 *
 * @see https://github.com/NVIDIA/dcgm-exporter/blob/4.5.3-4.8.2/deployment/values.yaml
 */
export function dcgmExporterValues(args: DcgmExporterArgs): ChartValues {
  const { platform = {}, tolerations = [], podLabels = [], scrapeInterval = "15s" } = args;
  const own = {
    fullnameOverride: DCGM_EXPORTER_NAME,
    nodeSelector: { [GPU_PRESENT_LABEL]: "true" },
    tolerations: [{ key: GPU_RESOURCE }, ...tolerations].map(renderToleration),
    resources: partResources(args.resources, { cpu: "100m", memory: "512Mi" }),
    kubernetes: {
      enablePodLabels: podLabels.length > 0,
      enablePodUID: podLabels.length > 0,
      podLabelAllowlistRegex: podLabels,
    },
    serviceMonitor: {
      enabled: platform.prometheus ?? false,
      interval: scrapeInterval,
      honorLabels: false,
      relabelings: [NODE_RELABELING],
    },
  };
  return withValues(own, args.values);
}
