/**
 * Every container image that the components run, pinned.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/releases/tag/v0.20.0
 * @see https://github.com/aws/eks-charts/blob/master/stable/aws-efa-k8s-device-plugin/Chart.yaml (chart v0.5.30)
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/cmd/kubeadm/app/constants/constants.go "PauseVersion"
 */
export const IMAGES = {
  efaDevicePlugin: "public.ecr.aws/eks/aws-efa-k8s-device-plugin:v0.5.20",
  nvidiaDevicePlugin: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0",
  pause: "registry.k8s.io/pause:3.10.2",
} as const;

/**
 * Version of the Pod Security Standards that namespaces are held to: pinned, so that a cluster upgrade cannot
 * tighten the rules under running workloads.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/ (Kubernetes 1.35)
 */
export const POD_SECURITY_VERSION = "v1.35";

/** Where a Helm chart comes from. */
export interface PinnedChart {
  /** Name in the repository, or the whole reference where it starts with `oci://`. */
  chart: string;
  /** Address of the repository; undefined where `chart` says it all. */
  repository?: string;
  /** Exact version. */
  version: string;
}

/**
 * Every Helm chart that the components install, pinned; images follow the charts unless said otherwise.
 *
 * @see https://github.com/aws/karpenter-provider-aws/releases/tag/v1.14.1
 * @see https://github.com/kubernetes/autoscaler/releases/tag/cluster-autoscaler-chart-9.59.0
 */
export const CHARTS = {
  karpenter: { chart: "oci://public.ecr.aws/karpenter/karpenter", version: "1.14.1" },
  karpenterCrds: { chart: "oci://public.ecr.aws/karpenter/karpenter-crd", version: "1.14.1" },
  clusterAutoscaler: {
    chart: "cluster-autoscaler",
    repository: "https://kubernetes.github.io/autoscaler",
    version: "9.59.0",
  },
} as const satisfies Record<string, PinnedChart>;
