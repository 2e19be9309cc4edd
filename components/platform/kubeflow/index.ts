export type { DatabaseArgs, ExternalDatabase } from "./database";
export { Katib } from "./katib";
export { type KatibArgs, validateKatib } from "./katib-args";
export { katibRendering } from "./katib-manifests";
export type { KubeflowPartArgs } from "./kubeflow-args";
export { kserveRendering, kserveRuntimesRendering, KServe } from "./kserve";
export { KServeDeploymentMode, KServeRuntime, validateKServe } from "./kserve-args";
export type { KServeArgs, KServeIngress } from "./kserve-args";
export { kserveRuntimeValues, kserveValues } from "./kserve-values";
export { Pipelines } from "./pipelines";
export {
  type PipelinesArgs,
  type PipelineSettings,
  type PipelineSecurityContext,
  validatePipelines,
} from "./pipelines-args";
export { pipelinesRendering } from "./pipelines-manifests";
export { Notebooks } from "./notebooks";
export { type NotebooksArgs, validateNotebooks } from "./notebooks-args";
export { notebooksRendering } from "./notebooks-manifests";
export type { SpawnerConfig, SpawnerGpuVendor, SpawnerPool } from "./spawner-args";
export { spawnerConfig } from "./spawner-config";
export {
  TensorBoardController,
  type TensorBoardControllerArgs,
  tensorBoardRendering,
  validateTensorBoardController,
} from "./tensor-board-controller";
export { KubeflowProfiles } from "./kubeflow-profiles";
export { type KubeflowProfilesArgs, validateKubeflowProfiles } from "./kubeflow-profiles-args";
export { kubeflowProfilesRendering } from "./kubeflow-profiles-manifests";
export { dashboardLinks, KubeflowDashboard, kubeflowDashboardRendering } from "./kubeflow-dashboard";
export {
  type DashboardLink,
  DashboardPage,
  type KubeflowDashboardArgs,
  validateKubeflowDashboard,
} from "./kubeflow-dashboard-args";
export { ModelRegistry } from "./model-registry";
export { DatabaseEngine, type ModelRegistryArgs, validateModelRegistry } from "./model-registry-args";
export { modelRegistryRendering } from "./model-registry-manifests";
export type { KubeflowConsole } from "./kubeflow-console";
