export type { ArtifactStore } from "./artifact-store";
export * from "./artifact-store-facts";
export * from "./minio";
export * from "./minio-args";
export * from "./s3-artifact-store";
export * from "./seaweed-fs";
export * from "./seaweed-fs-args";
export type { ClusterStoreArgs, StoreVolume } from "./store-grants";
