import type { VersionedPart } from "./version-matrix";

/** What is upgraded in one go: a part, or Kubernetes itself. The charts of Istio are one release, and go with `istiod`. */
export type UpgradedPart = Exclude<VersionedPart, "istioBase" | "istioCni" | "istioGateway" | "ztunnel"> | "kubernetes";

/** What an upgrade of a part goes through, and what it does to what runs. */
export interface UpgradeRule {
  /** Versions of which none is skipped: every minor or every major one; by default any may be. */
  hops?: "minor" | "major";
  /** Exact versions that an upgrade from below to above goes through; none by default. */
  through?: string[];
  /** Parts of the same release, which go with it; none by default. */
  with?: VersionedPart[];
  /** What has to be done before, as an imperative sentence; nothing by default. */
  before?: string;
  /** What has to have left before; nothing by default. */
  drain?: string;
  /** API groups whose resource types come before the controller; a part that has none has no types. */
  types?: string;
  /** What restarts, and what of it those notice who work meanwhile. */
  restarts: string;
  /** What has to be done afterwards, as an imperative sentence; nothing by default. */
  after?: string;
  /** Page that says so. */
  source: string;
}

const CONTROLLER = "The controller, one pod after the other; what runs goes on.";

/**
 * How each part is upgraded, in the order in which parts are, as far as no rule about versions demands another one: what others
 * stand on comes first, and Kubernetes last, when everything is ready for it.
 *
 * Types are part of the same update as their controller and come before it; they are told apart so that one can look at them.
 */
export const UPGRADE_RULES: Record<UpgradedPart, UpgradeRule> = {
  certManager: {
    hops: "minor",
    before: "Back up Issuers and Certificates.",
    types: "cert-manager.io, acme.cert-manager.io",
    restarts:
      "Controller, webhook and CA injector, one pod after the other; certificates that are there go on to work.",
    source: "https://cert-manager.io/docs/installation/upgrade/ (1.21)",
  },
  prometheusStack: {
    before: "Read the chart's UPGRADE.md for each major version.",
    types: "monitoring.coreos.com",
    restarts: "Prometheus reads its log first, some minutes on a large one; alerts wait meanwhile.",
    source:
      "https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/UPGRADE.md (88)",
  },
  metricsServer: {
    restarts: "Pods one after the other; the other one goes on to answer.",
    source: "https://github.com/kubernetes-sigs/metrics-server/releases (0.8)",
  },
  keda: {
    types: "keda.sh, eventing.keda.sh",
    restarts: "Operator and metrics server; autoscalers keep the number of pods that they have meanwhile.",
    source: "https://github.com/kedacore/keda/blob/main/CHANGELOG.md (2.20)",
  },
  verticalPodAutoscaler: {
    types: "autoscaling.k8s.io",
    restarts: "Recommender, updater and webhook; the history is kept in checkpoints.",
    source: "https://github.com/kubernetes/autoscaler/tree/vertical-pod-autoscaler-1.7.1/vertical-pod-autoscaler",
  },
  karpenter: {
    before: "Back up NodePools and node classes.",
    types: "karpenter.sh, karpenter.k8s.aws",
    restarts: "The controller; no machine is started or ended meanwhile, and serving nodes may drift afterwards.",
    source: "https://karpenter.sh/docs/upgrading/upgrade-guide/ (1.14)",
  },
  clusterAutoscaler: {
    restarts: "The controller; no machine is started or ended meanwhile.",
    source: "https://github.com/kubernetes/autoscaler/tree/cluster-autoscaler-chart-9.59.0/charts/cluster-autoscaler",
  },
  gpuOperator: {
    hops: "major",
    drain: "GPU pods, node by node, where the operator brings the driver: the driver is taken out of the kernel.",
    types: "nvidia.com, nfd.k8s-sigs.io",
    restarts: "Its DaemonSets, node by node.",
    source: "https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/upgrade.html (26.7)",
  },
  dcgmExporter: {
    restarts: "Its pods, node by node; metrics have a gap.",
    source: "https://github.com/NVIDIA/dcgm-exporter/releases (4.8)",
  },
  istiod: {
    hops: "minor",
    with: ["istioBase", "istioCni", "ztunnel", "istioGateway"],
    types: "networking.istio.io, security.istio.io, telemetry.istio.io, extensions.istio.io",
    restarts: "istiod, the CNI plugin and the gateway; new pods of a node wait while its CNI plugin restarts.",
    after: "Restart the workloads of meshed namespaces: pods keep the old proxy until then.",
    source: "https://istio.io/latest/docs/setup/upgrade/helm/ (1.30)",
  },
  jobSet: {
    types: "jobset.x-k8s.io",
    restarts: CONTROLLER,
    source: "https://github.com/kubernetes-sigs/jobset/releases (0.12)",
  },
  leaderWorkerSet: {
    types: "leaderworkerset.x-k8s.io, disaggregatedset.x-k8s.io",
    restarts: CONTROLLER,
    source: "https://github.com/kubernetes-sigs/lws/releases (0.10)",
  },
  trainer: {
    through: ["2.3.0"],
    types: "trainer.kubeflow.org",
    restarts: CONTROLLER,
    source: "https://github.com/kubeflow/trainer/releases/tag/v2.3.0",
  },
  trainingOperator: {
    types: "kubeflow.org",
    restarts: CONTROLLER,
    source: "https://github.com/kubeflow/training-operator/releases (1.9)",
  },
  mpiOperator: {
    types: "kubeflow.org",
    restarts: CONTROLLER,
    source: "https://github.com/kubeflow/mpi-operator/releases (0.8)",
  },
  sparkOperator: {
    types: "sparkoperator.k8s.io",
    restarts: "Controller and webhook; applications go on, and drivers that start meanwhile wait for the webhook.",
    source: "https://github.com/kubeflow/spark-operator/releases (2.5)",
  },
  argoWorkflows: {
    types: "argoproj.io",
    restarts: "Controller and server; workflows go on from where they are.",
    source: "https://argo-workflows.readthedocs.io/en/release-4.0/upgrading/",
  },
  kueue: {
    hops: "minor",
    types: "kueue.x-k8s.io",
    restarts: "The controller; what runs goes on, and nothing is admitted meanwhile.",
    source: "https://kueue.sigs.k8s.io/docs/installation/ (0.19)",
  },
  katib: {
    before: "Make a dump of the database where its version changes: MySQL goes one way only.",
    types: "kubeflow.org",
    restarts: "The controller; trials run on.",
    source: "https://www.kubeflow.org/docs/components/katib/installation/ (0.19)",
  },
  kserve: {
    hops: "minor",
    types: "serving.kserve.io",
    restarts: "The controller; models run on, and those whose runtime changed are rolled.",
    source: "https://github.com/kserve/kserve/releases (0.20)",
  },
  seaweedFs: {
    drain: "Writers of the store in the mode `single`: it is away while its pod restarts.",
    restarts: "Masters, servers and gateways, one after the other.",
    source: "https://github.com/seaweedfs/seaweedfs/tree/4.44/k8s/charts/seaweedfs",
  },
  pipelines: {
    before: "Make a dump of the database: the API server changes it when it starts, and there is no way back.",
    types: "kubeflow.org, pipelines.kubeflow.org",
    restarts: "Its servers; runs go on.",
    source: "https://www.kubeflow.org/docs/components/pipelines/operator-guides/installation/upgrade/ (2.17)",
  },
  notebooks: {
    drain: "Notebooks whose users work: their pods are made anew where the controller's template changed.",
    types: "kubeflow.org, tensorboard.kubeflow.org",
    restarts: "Controllers and web apps.",
    source: "https://github.com/kubeflow/notebooks/releases (1.11)",
  },
  dashboard: {
    types: "kubeflow.org",
    restarts: "Dashboard and profile controller; neither holds data.",
    source: "https://github.com/kubeflow/dashboard/blob/v2.0.0/README.md",
  },
  hub: {
    before: "Make a dump of the database: the registry changes it when it starts.",
    restarts: "The registry; models that are served go on.",
    source: "https://github.com/kubeflow/hub/releases (0.3)",
  },
  kubernetes: {
    hops: "minor",
    before: "Look for API versions that the next one does not serve (`npm run check` on your own manifests).",
    drain:
      "Managed groups replace one node at a time and stop at a pod that may not be disturbed: let training end, or checkpoint.",
    restarts: "The control plane, then every node; Karpenter renews training nodes when they are empty.",
    after: "Raise a pinned `amiVersion`.",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html (2026-08)",
  },
};
