import { bareVersion } from "../../model";
import { CHARTS } from "../../model/versions";
import { type ChartValues, withValues } from "../../rendering";
import { systemNodes } from "../part/part-args";
import { controllerResources } from "./controller-resources";
import type { KueueArgs } from "./kueue-args";
import { featureGates, kueueConfig } from "./kueue-config";

/** Namespace of Kueue where nothing else is asked for, as upstream has it. */
export const KUEUE_NAMESPACE = "kueue-system";

/** Labels of the controller's pods, as the chart has them for the release `kueue`. */
const podLabels = { "app.kubernetes.io/name": "kueue", "control-plane": "controller-manager" };

/**
 * Values of Kueue's chart. The chart in the repository points at a staging image, so the released one is named.
 *
 * @see https://github.com/kubernetes-sigs/kueue/blob/v0.19.2/charts/kueue/values.yaml
 */
export function kueueValues(args: KueueArgs): ChartValues {
  const { platform = {}, namespace = KUEUE_NAMESPACE, replicas = 2, version = CHARTS.kueue.version } = args;
  const certManager = platform.certManager ?? false;
  const own = {
    fullnameOverride: "kueue",
    enableCertManager: certManager,
    enablePrometheus: platform.prometheus ?? false,
    // The web page of KueueViz lets everybody in.
    enableKueueViz: false,
    controllerManager: {
      replicas,
      featureGates: featureGates(args),
      manager: {
        priorityClassName: "system-cluster-critical",
        image: {
          repository: "registry.k8s.io/kueue/kueue",
          tag: `v${bareVersion(version)}`,
          pullPolicy: "IfNotPresent",
        },
        resources: controllerResources(args.resources, { cpu: "500m", memory: "1Gi" }),
      },
      nodeSelector: systemNodes(platform),
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: podLabels },
        },
      ],
      podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1 },
    },
    // JSON is YAML too.
    managerConfig: { controllerManagerConfigYaml: JSON.stringify(kueueConfig(args, namespace), undefined, 2) },
    metrics: { serviceMonitor: { tlsConfig: monitorTls(namespace, certManager) } },
  };
  return withValues(own, args.values);
}

/** Values are laid over those of the chart, which verify nothing. */
function monitorTls(namespace: string, certManager: boolean) {
  if (!certManager) return { insecureSkipVerify: true };
  return {
    insecureSkipVerify: false,
    serverName: `kueue-controller-manager-metrics-service.${namespace}.svc`,
    ca: { secret: { name: "kueue-metrics-server-cert", key: "ca.crt" } },
  };
}
