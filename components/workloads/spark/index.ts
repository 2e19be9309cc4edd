export * from "./scheduled-spark-job";
export * from "./spark-args";
export * from "./spark-job";
export { scheduledSparkJobManifest, sparkJobManifest } from "./spark-manifest";
export * from "./spark-option-args";
export * from "./spark-pod-args";
export { validateScheduledSparkJob, validateSparkJob } from "./spark-validation";
