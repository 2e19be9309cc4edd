import type { KubeConfig } from "@kubernetes/client-node";
import type { ControlPlane } from "../cluster/control-plane";
import type { FaultInjectors } from "../scenarios/fault";
import { nodeLoss } from "./node-loss";
import { processKill } from "./process-kill";

/** What faults are made on. */
export interface FaultedCluster {
  config: KubeConfig;
  controlPlane: ControlPlane;
}

/** Whatever makes faults happen, by their kind. */
export function faultInjectors(cluster: FaultedCluster): FaultInjectors {
  return { nodeLost: nodeLoss(cluster), processKilled: processKill(cluster) };
}
