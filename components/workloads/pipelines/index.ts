export { Pipeline } from "./pipeline";
export * from "./pipeline-args";
export { pipelineManifests, pipelineRunManifest } from "./pipeline-manifest";
export { PipelineRun } from "./pipeline-run";
export { validatePipeline, validatePipelineRun } from "./pipeline-validation";
