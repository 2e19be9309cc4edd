import type * as pulumi from "@pulumi/pulumi";
import type { JobLimitsArgs, JobSizeArgs } from "../jobs";
import type { ObjectArgs, QueueArgs } from "../object";
import type { HardwareArgs, PodArgs, ProgramOptions } from "../pods";
import type { ProbeArgs } from "../pods/probe-args";
import type { ReplicaArgs } from "./replica-args";
import type { RouteArgs } from "./route-args";

/** A port that the program listens on. */
export interface WebPort {
  /** Name of the port, at most 15 characters; Istio takes its beginning for the protocol: `http`, `http2`, `grpc`, `tcp`. */
  name: string;
  /** Port of the container, from 1 to 65535. */
  port: number;
  /** Port of the Service, from 1 to 65535; that of the container by default. */
  servicePort?: number;
}

/** A number that the pods themselves tell, by which pods are added and taken away. */
export interface PodMetricArgs {
  /** Name under which an adapter serves it as a custom metric, for example `http_requests_per_second`. */
  name: string;
  /** How much of it each pod is for, a Kubernetes quantity. */
  average: string;
}

/** How requests for memory are brought to what pods use. */
export const MemoryScalingMode = {
  /** While they run, and by a restart where a node cannot. */
  inPlaceOrRecreate: "InPlaceOrRecreate",
  /** When they start. */
  initial: "Initial",
  /** Not at all: recommendations only. */
  off: "Off",
} as const;
/** How requests for memory are brought to what pods use. */
export type MemoryScalingMode = (typeof MemoryScalingMode)[keyof typeof MemoryScalingMode];

/** Has the memory of pods follow what they use. */
export interface MemoryScalingArgs {
  /** Most that a pod may ask for, a Kubernetes quantity: what its nodes have. */
  maxMemory: string;
  /** Least that a pod asks for, a Kubernetes quantity; what it uses by default. */
  minMemory?: string;
  /** How; `InPlaceOrRecreate` by default. */
  mode?: MemoryScalingMode;
}

/** Which pods of a Service requests are sent to. */
export const TrafficDistribution = {
  /** Those on the same node, where there are any; from Kubernetes 1.34. */
  sameNode: "PreferSameNode",
  /** Those in the same zone, where there are any. */
  sameZone: "PreferClose",
} as const;
/** Which pods of a Service requests are sent to. */
export type TrafficDistribution = (typeof TrafficDistribution)[keyof typeof TrafficDistribution];

/**
 * A training that succeeds before a version is rolled out. What it does not say comes from the service: image, variables,
 * volumes, account. Its hardware is its own.
 */
export interface TrainFirstArgs extends ProgramOptions, HardwareArgs, JobSizeArgs, JobLimitsArgs, QueueArgs {
  /** Container image, with a tag or digest; the service's by default, so that one code trains and serves. */
  image?: pulumi.Input<string>;
  /** GPUs of each pod, whole ones unless they are shared, from 0; none by default. */
  gpus?: number;
}

/** What a {@link WebService} is made from; its pods have no GPU by default. */
export interface WebServiceArgs extends ObjectArgs, QueueArgs, PodArgs, ReplicaArgs {
  /** GPUs of each pod, whole ones unless they are shared, from 0; none by default. */
  gpus?: number;
  /** Ports, the first of which probes and routes lead to; 8080 as `http`, port 80 of the Service, by default. */
  ports?: WebPort[];
  /** When a pod gets requests: it can be connected to, by default. */
  readiness?: ProbeArgs;
  /** When a pod has started, until which nothing else is asked; as `readiness`, for five minutes, by default. */
  startup?: ProbeArgs;
  /** When a pod is started anew; never by default, as a restart helps deadlocks alone and harms what is merely slow. */
  liveness?: ProbeArgs;
  /** A number that pods tell to go by, which needs an adapter for custom metrics; none by default. */
  podMetric?: PodMetricArgs;
  /** Has the memory of pods follow what they use, which needs the Vertical Pod Autoscaler; off by default. */
  memoryScaling?: MemoryScalingArgs;
  /**
   * Pods that a rollout may add, from 0, before it takes others away. 1 by default; 0 with GPUs, which would be needed once
   * more: a rollout then takes one pod away first.
   */
  maxSurge?: number;
  /** Seconds that a pod that ends still answers, until nobody sends it requests any more, from 0; 10 by default. */
  drainSeconds?: number;
  /** Seconds after which a pod that ends is killed, more than `drainSeconds`; 60 by default. */
  terminationSeconds?: number;
  /** Seconds after which a rollout that does not get on has failed, from 1; 600 by default. */
  progressSeconds?: number;
  /** How requests come in from outside of the cluster; not at all by default. */
  route?: RouteArgs;
  /** Training before each rollout; none by default. */
  trainFirst?: TrainFirstArgs;
  /** Object name of another workload of the namespace, on whose nodes pods rather run, for example its model; none by default. */
  beside?: string;
  /** Which pods requests are sent to; any by default. */
  trafficDistribution?: TrafficDistribution;
}
