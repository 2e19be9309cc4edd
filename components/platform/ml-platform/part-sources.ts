import type { PlatformPart } from "./ml-platform-args";

/** Charts and manifests that each part is rendered from, by their keys in the versions file; parts without are our own. */
const sources: Partial<Record<PlatformPart, string[]>> = {
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
};

/** Keys of the charts and manifests that a part is rendered from; none for a part whose objects are all our own. */
export function sourcesOfPart(part: PlatformPart): string[] {
  return sources[part] ?? [];
}
