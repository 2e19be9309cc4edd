import { bareVersion } from "../../model";
import { CHARTS } from "../../model/versions";
import { type ChartValues, type KubernetesObject, withValues } from "../../rendering";
import { type ChartPartArgs, partResources, systemNodes } from "../part/part-args";

/** Namespace of the LeaderWorkerSet controller where nothing else is asked for, as upstream has it. */
export const LEADER_WORKER_SET_NAMESPACE = "lws-system";

/** Labels of the controller's pods, as the chart has them for the release `lws`. */
const podLabels = {
  "control-plane": "controller-manager",
  "app.kubernetes.io/name": "lws",
  "app.kubernetes.io/instance": "lws",
};

/**
 * Values of the chart of LeaderWorkerSet. Names in it are fixed to `lws` in part, and so is that of the release.
 *
 * @see https://github.com/kubernetes-sigs/lws/blob/v0.10.0/charts/lws/values.yaml
 */
export function leaderWorkerSetValues(args: ChartPartArgs): ChartValues {
  const { platform = {}, replicas = 2, version = CHARTS.leaderWorkerSet.version } = args;
  const own = {
    fullnameOverride: "lws",
    replicaCount: replicas,
    image: {
      manager: { repository: "registry.k8s.io/lws/lws", tag: `v${bareVersion(version)}`, pullPolicy: "IfNotPresent" },
    },
    podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    resources: partResources(args.resources, { cpu: "500m", memory: "1Gi" }),
    priorityClassName: "system-cluster-critical",
    nodeSelector: systemNodes(platform),
    enableCertManager: platform.certManager ?? false,
    enablePrometheus: platform.prometheus ?? false,
  };
  return withValues(own, args.values);
}

/** Keeps one pod of the controller while nodes are drained; the chart has no such budget. */
export function leaderWorkerSetBudget(namespace: string): KubernetesObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "lws-controller-manager", namespace, labels: podLabels },
    spec: { minAvailable: 1, selector: { matchLabels: podLabels } },
  };
}
