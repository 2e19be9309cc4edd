export * from "./cluster";
export { type PoolTaint, TaintEffect, type Toleration } from "./internal";
export * from "./platform";
export * from "./workloads";
