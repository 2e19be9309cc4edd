import type { CHARTS, MANIFESTS } from "./versions";

/**
 * Charts and manifests that each part of the platform is rendered from, by their keys in {@link CHARTS} and
 * {@link MANIFESTS}. The objects of parts that are not listed are all our own.
 */
export const PART_SOURCES = {
  certManager: ["certManager"],
  monitoring: ["prometheusStack"],
  metricsServer: ["metricsServer"],
  verticalPodAutoscaling: ["verticalPodAutoscaler"],
  keda: ["keda"],
  gpuOperator: ["gpuOperator"],
  dcgmExporter: ["dcgmExporter"],
  istio: ["istioBase", "istiod", "istioCni", "istioGateway"],
  seaweedFs: ["seaweedFs"],
  jobSet: ["jobSet"],
  leaderWorkerSet: ["leaderWorkerSet"],
  sparkOperator: ["sparkOperator"],
  argoWorkflows: ["argoWorkflows"],
  trainer: ["trainer"],
  trainingOperator: ["trainingOperator"],
  mpiOperator: ["mpiOperator"],
  kueue: ["kueue"],
  katib: ["katib"],
  kserve: ["kserveTypes", "kserve", "kserveRuntimes"],
  pipelines: ["pipelines"],
  notebooks: ["notebooks"],
  tensorBoards: ["notebooks"],
  profiles: ["dashboard"],
  dashboard: ["dashboard"],
  modelRegistry: ["hub"],
} as const satisfies Record<string, readonly (keyof typeof CHARTS | keyof typeof MANIFESTS)[]>;
