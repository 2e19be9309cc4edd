/** Ways to say which container a predictor or explainer runs; its image comes from the runtime or from KServe. */
export const MODEL_SERVERS = [
  ...["model", "sklearn", "xgboost", "tensorflow", "pytorch", "triton", "onnx", "huggingface", "pmml", "lightgbm"],
  ...["paddle", "art"],
];

/** Fields of a component beside those of a pod's spec. */
export const COMPONENT_FIELDS = [
  ...MODEL_SERVERS,
  ...["name", "storageUris", "storageContainerName", "workerSpec", "minReplicas", "maxReplicas", "scaleTarget"],
  ...["scaleMetric", "scaleMetricType", "autoScaling", "containerConcurrency", "timeout", "canaryTrafficPercent"],
  ...["logger", "batcher", "labels", "annotations", "deploymentStrategy"],
];

/** Fields of a model server that are none of a container. */
export const MODEL_FIELDS = [
  ...["modelFormat", "runtime", "protocolVersion", "runtimeVersion", "storageUri", "storage", "confidential", "type"],
];

/** The container that KServe names so serves the model. */
export const SERVER = "kserve-container";

/** Fields of a runtime beside those of a pod's spec. */
export const RUNTIME_FIELDS = [
  ...["supportedModelFormats", "multiModel", "disabled", "protocolVersions", "workerSpec", "grpcEndpoint", "labels"],
  ...["grpcDataEndpoint", "httpDataEndpoint", "replicas", "storageHelper", "builtInAdapter", "annotations"],
  ...["pipelineParallelSize", "tensorParallelSize"],
];
