export * from "./cluster";
export type { Toleration } from "./internal";
export { Architecture, CapacityType, type PoolShape, type Taint, TaintEffect } from "./model";
export * from "./platform";
export * from "./workloads";
