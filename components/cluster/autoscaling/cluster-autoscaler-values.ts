import { compact } from "../../internal";
import { GPU_PRESENT_LABEL, kubernetesVersion, POOL_LABEL } from "../../model";
import { type ChartValues, withValues } from "../../rendering";
import { type ControllerArgs, controllerResources, DEFAULT_REPLICAS } from "./controller-args";

/** Name of the Cluster Autoscaler's release, service account and Deployment. */
export const CLUSTER_AUTOSCALER_NAME = "cluster-autoscaler";

/** Which pool grows where several would do for a waiting pod. */
export const Expander = {
  /** The one that leaves the least CPU, then memory, unused. */
  leastWaste: "least-waste",
  /** The one that takes the most waiting pods. */
  mostPods: "most-pods",
  /** The one that needs the fewest nodes. */
  leastNodes: "least-nodes",
  /** Any of them. */
  random: "random",
} as const;
/** Which pool grows where several would do for a waiting pod. */
export type Expander = (typeof Expander)[keyof typeof Expander];

/** How pools grow and shrink, beside what all controllers are made from. */
export interface ClusterAutoscalerArgs extends ControllerArgs {
  /** Which pool grows where several would do; `least-waste` by default. */
  expander?: Expander;
  /** Whole minutes for which a node must have been unneeded before it goes, from 1; 10 by default. */
  scaleDownMinutes?: number;
}

/**
 * Share of a node's GPUs below which the node is unneeded, and its pods are moved: small enough that one GPU in use, out
 * of the 16 of the largest machine, keeps the node, as the work on GPUs is long and loses much by being moved.
 */
const GPU_UTILIZATION_THRESHOLD = "0.01";

const DEFAULT_SCALE_DOWN_MINUTES = 10;

/**
 * Values of the Cluster Autoscaler's chart.
 *
 * A node on which none of the GPUs is in use goes even where a pod with scratch space or one of `kube-system` is left on
 * it. A pod of a job without GPUs that must not be moved says so with the annotation
 * `cluster-autoscaler.kubernetes.io/safe-to-evict: "false"`.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/cluster-autoscaler-chart-9.59.0/charts/cluster-autoscaler/values.yaml
 * @see https://github.com/kubernetes/autoscaler/blob/cluster-autoscaler-1.35.2/cluster-autoscaler/FAQ.md "parameters to CA"
 */
export function clusterAutoscalerValues(args: ClusterAutoscalerArgs): ChartValues {
  const { eks, systemPool, replicas = DEFAULT_REPLICAS, resources } = args;
  const { expander = Expander.leastWaste, scaleDownMinutes = DEFAULT_SCALE_DOWN_MINUTES } = args;
  const labels = { "app.kubernetes.io/instance": CLUSTER_AUTOSCALER_NAME };
  const own = compact({
    fullnameOverride: CLUSTER_AUTOSCALER_NAME,
    cloudProvider: "aws",
    awsRegion: eks.region,
    autoDiscovery: { clusterName: eks.clusterName },
    image: { tag: kubernetesVersion(eks.kubernetesVersion)?.clusterAutoscalerTag },
    replicaCount: replicas,
    rbac: { serviceAccount: { name: CLUSTER_AUTOSCALER_NAME } },
    extraArgs: {
      expander,
      "scale-down-unneeded-time": `${scaleDownMinutes}m`,
      "scale-down-gpu-utilization-threshold": GPU_UTILIZATION_THRESHOLD,
      "skip-nodes-with-local-storage": "false",
      "skip-nodes-with-system-pods": "false",
    },
    resources: controllerResources(resources),
    nodeSelector: { "kubernetes.io/os": "linux", ...(systemPool === undefined ? {} : { [POOL_LABEL]: systemPool }) },
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: steadyNodes },
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } },
        ],
      },
    },
    securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: "RuntimeDefault" } },
    containerSecurityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  });
  return withValues(own, args.values);
}

/** Nodes that the autoscaler may not take away from under itself, nor another one. */
const steadyNodes = {
  nodeSelectorTerms: [
    {
      matchExpressions: ["karpenter.sh/nodepool", GPU_PRESENT_LABEL].map((key) => ({ key, operator: "DoesNotExist" })),
    },
  ],
};
