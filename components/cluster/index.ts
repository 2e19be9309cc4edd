export * from "./cluster";
export * from "./gpu-node-pool";
export { CapacityType, NodeArchitecture, type NodePoolArgs, type NodePoolShape } from "./node-pool";
export { simulatedNodeManifest, simulatedNodeResources } from "./simulated-nodes";
export * from "./system-node-pool";
