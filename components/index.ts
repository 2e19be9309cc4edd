export * from "./cluster";
export type { Toleration } from "./internal";
export {
  AmiFamily,
  Architecture,
  CapacityType,
  type GpuRequirement,
  type PoolSchedule,
  type PoolShape,
  type Taint,
  TaintEffect,
  Weekday,
} from "./model";
export * from "./platform";
export type { PlatformFacts } from "./rendering";
export * from "./workloads";
