export * from "./cluster";
export * from "./gpu-node-pool";
export type { NodePoolArgs } from "./node-pool";
export { simulatedNodeManifest, simulatedNodeResources } from "./simulated-nodes";
export * from "./system-node-pool";
