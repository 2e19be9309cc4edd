export * from "./artifact-bucket";
export * from "./artifact-bucket-args";
export { BucketAccess } from "./bucket-rights";
export { Dataset } from "./dataset";
export * from "./dataset-args";
export { EfsPerformanceMode, type EfsSettings, EfsThroughputMode } from "./efs-file-system";
export type { LustreSettings } from "./lustre-file-system";
export * from "./shared-volume";
export * from "./shared-volume-args";
