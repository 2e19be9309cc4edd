import type * as pulumi from "@pulumi/pulumi";

/** How KEDA shows Prometheus who asks. */
export const PrometheusAuthMode = {
  /** By a token. */
  bearer: "bearer",
  /** By a name and a password. */
  basic: "basic",
  /** By a certificate. */
  tls: "tls",
} as const;
/** How KEDA shows Prometheus who asks. */
export type PrometheusAuthMode = (typeof PrometheusAuthMode)[keyof typeof PrometheusAuthMode];

/** Credentials for Prometheus. */
export interface PrometheusAuthArgs {
  /** Name of the TriggerAuthentication that holds them, in the workload's namespace. */
  name: pulumi.Input<string>;
  /** What they are. */
  mode: PrometheusAuthMode;
}

/** A number of Prometheus by which pods are added and taken away, through KEDA. */
export interface PrometheusMetricArgs {
  /** Query with one number for all pods together, for example their requests per second. */
  query: pulumi.Input<string>;
  /** How much of that number each pod is for, above 0. */
  threshold: number;
  /** Address of Prometheus; that of the platform's monitoring by default. */
  serverAddress?: pulumi.Input<string>;
  /** Credentials; none by default. */
  authentication?: PrometheusAuthArgs;
}

/** How many pods serve, and by what they are added and taken away. */
export interface ReplicaArgs {
  /**
   * Pods, and the fewest where `maxReplicas` is more; from 1, and from 0 where something other than the pods themselves
   * tells that they are needed. By default 2, so that one may go, and 1 with GPUs, each of which costs money.
   */
  replicas?: number;
  /** Most pods; `replicas` by default, and nothing scales then. */
  maxReplicas?: number;
  /**
   * Use of the requested CPU that pods are kept at, in percent from 1 to 100. 80 by default where there is `maxReplicas` and
   * nothing else to go by. Not with GPUs, of which it tells nothing.
   */
  cpuPercent?: number;
  /** A number of Prometheus to go by, which needs KEDA; none by default. */
  prometheus?: PrometheusMetricArgs;
}
