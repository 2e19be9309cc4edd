export type { Contention, NodeLayout, NodePods, Packing, PoolPacking, WaitingPods } from "./packing";
export { packingOf } from "./packing-of";
