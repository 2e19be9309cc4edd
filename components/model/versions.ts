/**
 * Version of the Pod Security Standards that namespaces are held to: pinned, so that a cluster upgrade cannot
 * tighten the rules under running workloads.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/ (Kubernetes 1.35)
 */
export const POD_SECURITY_VERSION = "v1.35";

/** A Go module that carries a chart or manifests too, from which the local stack takes them. */
export interface SourceModule {
  /** Path of the module. */
  module: string;
  /** Exact version; undefined where it is that of the chart or manifests with a `v` before it. */
  version?: string;
  /** Folder within the module. */
  folder: string;
  /** Checksum of the module as Go computes it (`h1:`), by which it is known to be the pinned one. */
  sum: string;
}

/** Where a Helm chart comes from. */
export interface PinnedChart {
  /** Name in the repository, or the whole reference where it starts with `oci://`. */
  chart: string;
  /** Address of the repository; undefined where `chart` says it all. */
  repository?: string;
  /** Exact version, with a leading `v` where the publisher's tags have one. */
  version: string;
  /** SHA-256 of the packed chart, where its publisher tells it; otherwise `mlstack charts pull` notes what it first gets. */
  digest?: string;
  /** Whether the repository's index tells another digest than the released file has, so that it is not held to it. */
  wrongIndex?: boolean;
  /** Go module with the same chart; undefined where there is none, and so none on the local stack. */
  module?: SourceModule;
}

const KARPENTER_MODULE = {
  module: "github.com/aws/karpenter-provider-aws",
  sum: "h1:WGtIQTQcxpElYMdWfWuPwaF2+9muR+hYhPZsTtoY8Gs=",
} as const;

const KSERVE_MODULE = {
  module: "github.com/kserve/kserve",
  version: "v0.20.0",
  sum: "h1:Bs7HxmGV4KFqqptDcWseKv+mwD4YOYHJWcuVgPG2Gug=",
} as const;

/**
 * To Go Istio's tags are no versions, so that it knows commits alone: this one of 2026-08-26 is of the branch release-1.30, on
 * which it comes after the tag 1.30.3.
 *
 * @see https://github.com/istio/istio/tree/9739e10eb9d7
 */
const ISTIO_MODULE = {
  module: "istio.io/istio",
  version: "v0.0.0-20260826214018-9739e10eb9d7",
  sum: "h1:9IbnPSiY/JyfYWT90jSMeLY4h0TeEcApgjD/9GsrIfA=",
} as const;

const ISTIO_REPOSITORY = "https://istio-release.storage.googleapis.com/charts";

/**
 * Every Helm chart that the components install, pinned; images follow the charts unless said otherwise.
 *
 * Digests are those of the repositories' indexes, read in 2026-11. Spark's has none: its index tells another one than the
 * released file is known by.
 *
 * @see https://github.com/aws/karpenter-provider-aws/releases/tag/v1.14.1
 * @see https://github.com/kubernetes/autoscaler/releases/tag/cluster-autoscaler-chart-9.59.0
 * @see https://github.com/kubernetes/autoscaler/blob/be36214bc8a1bf19000bbc7aa480952a3f5cf9f7/index.yaml
 * @see https://github.com/kubernetes-sigs/metrics-server/blob/c6db65fff4d479ece5dd43b8df90a483f5c2011f/index.yaml
 * @see https://github.com/NVIDIA/dcgm-exporter/blob/ecd340dc2e9717757db9d1d662a621fe18e9514d/helm-charts/index.yaml
 * @see https://github.com/kedacore/charts/blob/1444d00d90d7668cf7f53f270777d039371d90d0/docs/index.yaml
 * @see https://github.com/seaweedfs/seaweedfs/blob/3a7fd39ae6e8f2b52957fc30ac08230c4b246690/helm/index.yaml
 */
export const CHARTS = {
  karpenter: {
    chart: "oci://public.ecr.aws/karpenter/karpenter",
    version: "1.14.1",
    module: { ...KARPENTER_MODULE, folder: "charts/karpenter" },
  },
  karpenterCrds: {
    chart: "oci://public.ecr.aws/karpenter/karpenter-crd",
    version: "1.14.1",
    module: { ...KARPENTER_MODULE, folder: "charts/karpenter-crd" },
  },
  clusterAutoscaler: {
    chart: "cluster-autoscaler",
    repository: "https://kubernetes.github.io/autoscaler",
    version: "9.59.0",
    digest: "90276dafe65cf5d4328ef8313baf6cfb9d130683e0c9f3c28a03b4d8a9ed8f6e",
  },
  certManager: {
    chart: "oci://quay.io/jetstack/charts/cert-manager",
    version: "v1.21.1",
  },
  metricsServer: {
    chart: "metrics-server",
    repository: "https://kubernetes-sigs.github.io/metrics-server",
    version: "3.13.1",
    digest: "084e6edb680cf4e2acc30bd496568c53fdf663cbacf6e17876b25785c35b7a13",
  },
  dcgmExporter: {
    chart: "dcgm-exporter",
    repository: "https://nvidia.github.io/dcgm-exporter/helm-charts",
    version: "4.8.2",
    digest: "1c5535c03ebab3f021444df6016fce1cd7871385122e115c6ed24c804b623803",
  },
  gpuOperator: { chart: "gpu-operator", repository: "https://helm.ngc.nvidia.com/nvidia", version: "26.7.0" },
  kueue: {
    chart: "oci://registry.k8s.io/kueue/charts/kueue",
    version: "0.19.2",
    module: {
      module: "sigs.k8s.io/kueue",
      folder: "charts/kueue",
      sum: "h1:mPNzr37u0nwI7ikST5QQl5gg6EgtYOAvC9ZbTgywdN8=",
    },
  },
  jobSet: {
    chart: "oci://registry.k8s.io/jobset/charts/jobset",
    version: "0.12.0",
    module: {
      module: "sigs.k8s.io/jobset",
      folder: "charts/jobset",
      sum: "h1:YYPuV0px8Ongq/RXmJg6V0w2UC67aiR+rCMD06vhQQQ=",
    },
  },
  leaderWorkerSet: { chart: "oci://registry.k8s.io/lws/charts/lws", version: "0.10.0" },
  sparkOperator: {
    chart: "spark-operator",
    repository: "https://kubeflow.github.io/spark-operator",
    version: "2.5.2",
    wrongIndex: true,
    module: {
      module: "github.com/kubeflow/spark-operator/v2",
      folder: "charts/spark-operator-chart",
      sum: "h1:6nX2UhwSfnYi1mtwczgFfJTMeLSL/1ajTvkFe8R7Vdc=",
    },
  },
  trainer: {
    chart: "oci://ghcr.io/kubeflow/charts/kubeflow-trainer",
    version: "2.3.0",
    module: {
      module: "github.com/kubeflow/trainer/v2",
      folder: "charts/kubeflow-trainer",
      sum: "h1:Je+e7zvTLzB4qW09J1fB7pZrqvPtWuGng2NqdN5p5QU=",
    },
  },
  kserveTypes: {
    chart: "oci://ghcr.io/kserve/charts/kserve-crd",
    version: "v0.20.0",
    module: { ...KSERVE_MODULE, folder: "charts/kserve-crd" },
  },
  kserve: {
    chart: "oci://ghcr.io/kserve/charts/kserve-resources",
    version: "v0.20.0",
    module: { ...KSERVE_MODULE, folder: "charts/kserve-resources" },
  },
  kserveRuntimes: {
    chart: "oci://ghcr.io/kserve/charts/kserve-runtime-configs",
    version: "v0.20.0",
    module: { ...KSERVE_MODULE, folder: "charts/kserve-runtime-configs" },
  },
  verticalPodAutoscaler: {
    chart: "vertical-pod-autoscaler",
    repository: "https://kubernetes.github.io/autoscaler",
    version: "0.11.0",
    digest: "8fa06c3ca1c4bc1a7a8e18f3a29b34ebc92cea34852ea2ad7c354df679bc769a",
    module: {
      module: "k8s.io/autoscaler/vertical-pod-autoscaler",
      version: "v1.7.1",
      folder: "charts/vertical-pod-autoscaler",
      sum: "h1:gHgsammWdCT+vyqrBsCfN7+CJrfy0Mo5k1zfg8Dge7o=",
    },
  },
  keda: {
    chart: "keda",
    repository: "https://kedacore.github.io/charts",
    version: "2.20.2",
    digest: "db60b1fa60f0565fefa4ce2f87e855b6a8854363ee82962fbe28a12a70d64c4c",
  },
  prometheusStack: {
    chart: "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack",
    version: "88.5.3",
  },
  istioBase: {
    chart: "base",
    repository: ISTIO_REPOSITORY,
    version: "1.30.3",
    module: { ...ISTIO_MODULE, folder: "manifests/charts/base" },
  },
  istiod: {
    chart: "istiod",
    repository: ISTIO_REPOSITORY,
    version: "1.30.3",
    module: { ...ISTIO_MODULE, folder: "manifests/charts/istio-control/istio-discovery" },
  },
  istioCni: {
    chart: "cni",
    repository: ISTIO_REPOSITORY,
    version: "1.30.3",
    module: { ...ISTIO_MODULE, folder: "manifests/charts/istio-cni" },
  },
  ztunnel: {
    chart: "ztunnel",
    repository: ISTIO_REPOSITORY,
    version: "1.30.3",
    module: { ...ISTIO_MODULE, folder: "manifests/charts/ztunnel" },
  },
  istioGateway: {
    chart: "gateway",
    repository: ISTIO_REPOSITORY,
    version: "1.30.3",
    module: { ...ISTIO_MODULE, folder: "manifests/charts/gateway" },
  },
  seaweedFs: {
    chart: "seaweedfs",
    repository: "https://seaweedfs.github.io/seaweedfs/helm",
    version: "4.44.0",
    digest: "cf7741928657659424a7011a903f925bc1c480a00cb4c0a6df93da8feaaa9cf2",
  },
} as const satisfies Record<string, PinnedChart>;

/** Where manifests that are built with kustomize come from. */
export interface PinnedManifests {
  /** Name in a mirror and in messages. */
  name: string;
  /** Address of the Git repository. */
  repository: string;
  /** Exact version. */
  version: string;
  /** What stands before the version in the tag; `v` mostly. */
  tagPrefix: string;
  /** Folder of the repository that holds all of the manifests, and to which folders within are relative. */
  root: string;
  /** Go module with the same manifests; undefined where there is none, and so none on the local stack. */
  module?: SourceModule;
}

/** Every set of manifests that the components install, pinned. */
export const MANIFESTS = {
  argoWorkflows: {
    name: "argo-workflows",
    repository: "https://github.com/argoproj/argo-workflows",
    version: "4.0.5",
    tagPrefix: "v",
    root: "manifests",
    module: {
      module: "github.com/argoproj/argo-workflows/v4",
      folder: "manifests",
      sum: "h1:/1lru5oXUd+k6KEDUps6rLX5OKfi1jTfabgXTly/VFU=",
    },
  },
  trainingOperator: {
    name: "training-operator",
    repository: "https://github.com/kubeflow/training-operator",
    version: "1.9.4",
    tagPrefix: "v",
    root: "manifests",
    module: {
      module: "github.com/kubeflow/training-operator",
      folder: "manifests",
      sum: "h1:MjYXzeaHGBmF47BlhCo6+Mb7ypHrVfO6vsys1ZHF56A=",
    },
  },
  mpiOperator: {
    name: "mpi-operator",
    repository: "https://github.com/kubeflow/mpi-operator",
    version: "0.8.2",
    tagPrefix: "v",
    root: "manifests",
    module: {
      module: "github.com/kubeflow/mpi-operator",
      folder: "manifests",
      sum: "h1:7PVtV31iX3LSVW0BqRQ64w/NYNfAgP86Bmua2OEi5lg=",
    },
  },
  katib: {
    name: "katib",
    repository: "https://github.com/kubeflow/katib",
    version: "0.19.0",
    tagPrefix: "v",
    root: "manifests/v1beta1",
    module: {
      module: "github.com/kubeflow/katib",
      folder: "manifests/v1beta1",
      sum: "h1:uexj303nRkGtTFtTkY4McCt6J0TCtnerX3i3E7TRA5M=",
    },
  },
  pipelines: {
    name: "pipelines",
    repository: "https://github.com/kubeflow/pipelines",
    version: "2.17.0",
    tagPrefix: "",
    root: "manifests/kustomize",
  },
  notebooks: {
    name: "notebooks",
    repository: "https://github.com/kubeflow/notebooks",
    version: "1.11.0",
    tagPrefix: "v",
    root: "components",
  },
  dashboard: {
    name: "dashboard",
    repository: "https://github.com/kubeflow/dashboard",
    version: "2.0.0",
    tagPrefix: "v",
    root: "components",
  },
  hub: {
    name: "hub",
    repository: "https://github.com/kubeflow/hub",
    version: "0.3.8",
    tagPrefix: "v",
    root: "manifests/kustomize",
  },
} as const satisfies Record<string, PinnedManifests>;
