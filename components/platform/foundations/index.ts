export * from "./cert-manager";
export * from "./cluster-issuer-args";
export * from "./keda";
export * from "./metrics-server";
export * from "./vertical-pod-autoscaling";
