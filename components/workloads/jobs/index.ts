export * from "./batch-job";
export * from "./gpu-job";
export * from "./job-args";
export { batchJobManifest, gpuJobManifest, type JobManifest } from "./job-manifest";
export { validateBatchJob, validateGpuJob } from "./job-validation";
