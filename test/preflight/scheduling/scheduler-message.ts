import type { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { obstaclesOf } from "../../../preflight/scheduling/feasibility";
import { NAME_CONFLICT } from "../../../preflight/scheduling/filters/node-affinity";
import type { SchedulableNode } from "../../../preflight/scheduling/node";
import type { SchedulablePod } from "../../../preflight/scheduling/pod";

/**
 * What the scheduler says of a pod that no node takes: each reason with the number of nodes for which it holds, without
 * what it adds about preemption.
 *
 * @returns undefined where a node takes the pod.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/types.go `FitError`
 */
export function schedulerMessage(
  pod: SchedulablePod,
  nodes: readonly SchedulableNode[],
  state: ClusterState,
): string | undefined {
  if (nodes.length === 0) return "no nodes available to schedule pods";
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const obstacles = obstaclesOf(pod, node, state);
    if (obstacles.length === 0) return undefined;
    for (const { message } of obstacles) counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  const reasons = [...counts].map(([message, count]) => (message === NAME_CONFLICT ? message : `${count} ${message}`));
  // Sorted as text, so that 10 comes before 2.
  return `0/${nodes.length} nodes are available: ${reasons.sort().join(", ")}.`;
}
