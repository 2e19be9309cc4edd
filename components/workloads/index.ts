export * from "./jobs";
export { artifactKey, type LineageArgs, parametersHash } from "./object/lineage";
export type { Manifest } from "./object/manifest";
export type { ObjectArgs } from "./object/object-args";
export * from "./object/queue-args";
export type { RunArgs } from "./object/run-args";
export * from "./pods/hardware-args";
export type { PodArgs, RoleArgs } from "./pods/pod-args";
export * from "./pods/program-args";
