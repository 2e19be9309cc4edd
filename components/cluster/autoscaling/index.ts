export * from "./cluster-autoscaler";
export { type ClusterAutoscalerArgs, clusterAutoscalerValues, Expander } from "./cluster-autoscaler-values";
export type { ChartValues } from "../../rendering";
export type { ControllerArgs, ControllerResources } from "./controller-args";
export * from "./karpenter";
export { karpenterValues } from "./karpenter-values";
