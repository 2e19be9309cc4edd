import { type ChartValues, withValues } from "../../rendering";
import { partResources, systemNodes } from "../part/part-args";
import type { MetricsServerArgs } from "./metrics-server";

/** Namespace of the metrics server where nothing else is asked for. */
export const METRICS_SERVER_NAMESPACE = "metrics-server";

/**
 * Values of the metrics server's chart.
 *
 * @see https://github.com/kubernetes-sigs/metrics-server/blob/metrics-server-helm-chart-3.13.1/charts/metrics-server/values.yaml
 */
export function metricsServerValues(args: MetricsServerArgs): ChartValues {
  const { platform = {}, replicas = 2, insecureKubeletTls = false } = args;
  const certManager = platform.certManager ?? false;
  const own = {
    fullnameOverride: "metrics-server",
    replicas,
    podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    nodeSelector: systemNodes(platform),
    resources: partResources(args.resources, { cpu: "100m", memory: "200Mi" }),
    args: insecureKubeletTls ? ["--kubelet-insecure-tls"] : [],
    tls: { type: certManager ? "cert-manager" : "metrics-server" },
    // What it signs by itself when it starts is known to nobody, and each pod has another.
    apiService: { insecureSkipTLSVerify: !certManager },
    metrics: { enabled: platform.prometheus ?? false },
    serviceMonitor: { enabled: platform.prometheus ?? false },
  };
  return withValues(own, args.values);
}
