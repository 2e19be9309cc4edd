import type { ClusterState } from "../scheduling/cluster-state";
import type { SchedulableNode } from "../scheduling/node";
import type { SchedulablePod } from "../scheduling/pod";

/** A state with pods of DaemonSets on one of its nodes. */
export function withResidents(
  state: ClusterState,
  node: SchedulableNode,
  residents: readonly SchedulablePod[] = [],
): ClusterState {
  for (const resident of residents) state.place(resident, node);
  return state;
}

/** Whether a pod of a DaemonSet may keep a pod away from its nodes, by rules between pods or a port of the node. */
export function concerns({ hostPorts, antiAffinity }: SchedulablePod, pod: SchedulablePod): boolean {
  const isPort = pod.hostPorts.length > 0 && hostPorts.length > 0;
  return isPort || pod.antiAffinity.length + antiAffinity.length > 0;
}
