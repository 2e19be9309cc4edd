export { ModelLoop } from "./model-loop";
export * from "./model-loop-args";
export { type ModelLoopManifests, modelLoopManifests } from "./model-loop-manifest";
export { validateModelLoop } from "./model-loop-validation";
