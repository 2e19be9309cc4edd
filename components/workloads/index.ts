export * from "./gpu-job";
export * from "./gpu-job-args";
export { gpuJobManifest, type JobManifest } from "./gpu-job-manifest";
export { validateGpuJob } from "./gpu-job-validation";
