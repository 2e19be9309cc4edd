export { InferenceService } from "./inference-service";
export * from "./inference-service-args";
export {
  inferenceServiceManifest,
  type InferenceServiceManifests,
  inferenceServiceManifests,
} from "./inference-service-manifest";
export { validateInferenceService } from "./inference-service-validation";
export * from "./replica-args";
export * from "./route-args";
export { WebService } from "./web-service";
export * from "./web-service-args";
export { type WebServiceManifests, webServiceManifests } from "./web-service-manifest";
export { validateWebService } from "./web-service-validation";
