export { ModelVersion } from "./model-version";
export * from "./model-version-args";
export { type ModelVersionManifests, modelVersionManifests } from "./model-version-manifest";
export { validateModelVersion } from "./model-version-validation";
