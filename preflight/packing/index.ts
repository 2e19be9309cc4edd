export type { Contention, MachineNodes, NodeLayout, NodePods, Packing, PoolPacking, WaitingPods } from "./packing";
export { packingOf } from "./packing-of";
