import type { SchedulableNode } from "../node";
import { ObstacleKind, type Obstacle } from "../obstacle";
import type { SchedulablePod } from "../pod";

/** A pod that names a node runs on no other. */
export function nodeNameObstacle(pod: SchedulablePod, node: SchedulableNode): Obstacle | undefined {
  if (pod.nodeName === undefined || pod.nodeName === node.name) return undefined;
  return {
    kind: ObstacleKind.nodeName,
    message: "node(s) didn't match the requested node name",
    subject: pod.nodeName,
  };
}
