import type * as pulumi from "@pulumi/pulumi";

/** How close to each other pods of one workload run. */
export const Closeness = {
  /** On one machine. */
  node: "node",
  /** Below one switch: the innermost layer of EC2's network topology. */
  rack: "rack",
  /** In one availability zone. */
  zone: "zone",
} as const;
/** How close to each other pods of one workload run. */
export type Closeness = (typeof Closeness)[keyof typeof Closeness];

/** Places the pods of one workload close together. */
export interface TopologyArgs {
  /** How close. */
  level: Closeness;
  /** Whether pods rather wait than run farther apart; false by default, as a job that waits for ever trains nothing. */
  required?: boolean;
  /**
   * Whether Kueue sees to it, for all pods at once, instead of the scheduler, pod by pod; false by default. Needs a queue
   * whose `topologyLevels` have the level's label.
   */
  byQueue?: boolean;
}

/** How a workload waits for its turn. */
export interface QueueArgs {
  /** LocalQueue of Kueue that it waits in, in its namespace; none by default, unless it is a gang. */
  queue?: pulumi.Input<string>;
  /** Priority among those that wait (label `kueue.x-k8s.io/priority-class`), for example `high`; that of 0 by default. */
  queuePriority?: string;
}

/** How a workload of several pods, which are of use only together, waits and is placed. */
export interface GangArgs extends QueueArgs {
  /**
   * Whether all pods start together or none, so that no half-started job holds GPUs; true by default. It then waits in the
   * queue `default`, which tenants have, where `queue` names no other. That has no effect where Kueue is not installed, does
   * not manage the namespace, or has the kind's framework switched off, as it has those of TFJob and PyTorchJob since 0.19.
   * Where it manages the kind and the namespace has no such LocalQueue, the job stays suspended.
   */
  gang?: boolean;
  /** Places the pods close together; anywhere by default, and in one zone with Elastic Fabric Adapters. */
  topology?: TopologyArgs;
}
