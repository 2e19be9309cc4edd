import { bareVersion } from "../../model";
import { CHARTS } from "../../model/versions";
import { type ChartValues, type KubernetesObject, withValues } from "../../rendering";
import { type ChartPartArgs, systemNodes } from "../part/part-args";
import { controllerResources } from "./controller-resources";

/** Namespace of the JobSet controller where nothing else is asked for, as upstream has it. */
export const JOB_SET_NAMESPACE = "jobset-system";

/**
 * Values of JobSet's chart. The chart in the repository points at a staging image, so the released one is named.
 *
 * @see https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/charts/jobset/values.yaml
 */
export function jobSetValues(args: ChartPartArgs): ChartValues {
  const { platform = {}, replicas = 2, version = CHARTS.jobSet.version } = args;
  const own = {
    fullnameOverride: "jobset",
    image: { repository: "registry.k8s.io/jobset/jobset", tag: `v${bareVersion(version)}`, pullPolicy: "IfNotPresent" },
    controller: {
      replicas,
      resources: controllerResources(args.resources, { cpu: "500m", memory: "512Mi" }),
      nodeSelector: systemNodes(platform),
      podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1 },
    },
    certManager: { enable: platform.certManager ?? false },
  };
  return withValues(own, args.values);
}

/**
 * Monitor of the controller's metrics. The chart has one too, which it refuses to render unless the cluster is asked whether
 * it knows monitors, and charts are rendered without asking.
 */
export function jobSetMonitor(namespace: string, certManager: boolean): KubernetesObject {
  const secret = (key: string) => ({ secret: { name: "jobset-metrics-server-cert", key } });
  const verified = { ca: secret("ca.crt"), serverName: `jobset-metrics-service.${namespace}.svc` };
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: "jobset-metrics", namespace, labels: { "app.kubernetes.io/name": "jobset" } },
    spec: {
      selector: { matchLabels: { "app.kubernetes.io/name": "jobset" } },
      endpoints: [
        {
          path: "/metrics",
          port: "https",
          scheme: "https",
          bearerTokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token",
          tlsConfig: certManager ? verified : { insecureSkipVerify: true },
        },
      ],
    },
  };
}
