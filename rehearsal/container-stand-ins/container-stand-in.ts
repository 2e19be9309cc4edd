import { KubeConfig, type V1Pod } from "@kubernetes/client-node";
import type { ClusterLayout } from "../cluster/layout";
import type { Router } from "../operators/router";

/** What stand-ins have to work with. */
export interface StandInContext {
  /** Administrator of the cluster: what would be done on a node is done by it, such as the end of a pod. */
  config: KubeConfig;
  /** Where the cluster's files lie. */
  layout: ClusterLayout;
  /** Whether the stack installs a metrics server. */
  hasMetricsServer: boolean;
  /** Whether there are real nodes. */
  hasRealNodes: boolean;
  /** A token of a pod's ServiceAccount, which ends with the pod. */
  token: (pod: V1Pod) => Promise<string>;
  /** Whether a pod is on a real node, where nobody plays for its containers. */
  isReal: (pod: V1Pod) => boolean;
  /** Leads to the programs that run. */
  router: Router;
  /** Adds a line to the supervisor's log. */
  log: (line: string) => void;
}

/** Plays what containers would tell their operator. It begins with the supervisor and ends with it. */
export interface ContainerStandIn {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A stand-in, and whom it plays for. */
export interface StandInKind {
  /** Name of the controller without which there is nothing to play; without it, it plays wherever controllers run. */
  controller?: string;
  /** Whether a real one takes its place where there are real nodes; false by default. */
  isOnRealNodes?: boolean;
  create: (context: StandInContext) => ContainerStandIn;
}

/** The cluster with the rights of a pod's ServiceAccount, and no others: what is missing shows. */
export async function asPod({ config, token }: StandInContext, pod: V1Pod): Promise<KubeConfig> {
  const cluster = config.getCurrentCluster();
  const own = new KubeConfig();
  own.loadFromClusterAndUser(cluster!, { name: "pod", token: await token(pod) });
  return own;
}
