import type { Amounts } from "./amounts";
import type { ClusterState } from "./cluster-state";
import { hostPortObstacle } from "./filters/host-ports";
import { namedNodesObstacle, nodeAffinityObstacle } from "./filters/node-affinity";
import { nodeNameObstacle } from "./filters/node-name";
import { affinityLabelObstacle, podAffinityObstacle } from "./filters/pod-affinity";
import { resourceObstacles } from "./filters/resources";
import { cordonObstacle, taintObstacle } from "./filters/taints";
import { spreadLabelObstacle, spreadObstacle } from "./filters/topology-spread";
import { volumeObstacle } from "./filters/volumes";
import type { SchedulableNode } from "./node";
import type { Obstacle } from "./obstacle";
import type { HostPort, SchedulablePod } from "./pod";

const NO_PORTS: readonly HostPort[] = [];

/**
 * Why a node does not take a pod: what the first filter that refuses it says, in the order of the scheduler's default
 * profile. Empty where the node takes it.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/apis/config/v1/default_plugins.go
 */
export function obstaclesOf(pod: SchedulablePod, node: SchedulableNode, state: ClusterState): readonly Obstacle[] {
  const alone = nodeObstacle(pod, node) ?? hostPortObstacle(pod, state.hostPortsOn(node));
  if (alone !== undefined) return [alone];
  const short = resourceObstacles(pod, state.leftOn(node));
  if (short.length > 0) return short;
  const last =
    volumeObstacle(pod, node) ??
    (pod.spread.length === 0 ? undefined : spreadObstacle(state.rulesOf(pod).spread, node)) ??
    podAffinityObstacle(pod, node, state);
  return last === undefined ? short : [last];
}

/**
 * Why an empty node never takes a pod, whatever runs elsewhere: like {@link obstaclesOf}, without the rules between pods.
 *
 * @param left what pods can have of the node; all that is allocatable by default.
 */
export function emptyNodeObstacles(
  pod: SchedulablePod,
  node: SchedulableNode,
  left: Amounts = node.allocatable,
): readonly Obstacle[] {
  const alone = nodeObstacle(pod, node) ?? hostPortObstacle(pod, NO_PORTS);
  if (alone !== undefined) return [alone];
  const short = resourceObstacles(pod, left);
  if (short.length > 0) return short;
  const last = volumeObstacle(pod, node) ?? spreadLabelObstacle(pod, node) ?? affinityLabelObstacle(pod, node);
  return last === undefined ? short : [last];
}

function nodeObstacle(pod: SchedulablePod, node: SchedulableNode): Obstacle | undefined {
  return (
    namedNodesObstacle(pod, node) ??
    cordonObstacle(pod, node) ??
    nodeNameObstacle(pod, node) ??
    taintObstacle(pod, node) ??
    nodeAffinityObstacle(pod, node)
  );
}
