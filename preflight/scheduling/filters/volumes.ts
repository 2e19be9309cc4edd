import type { SchedulableNode } from "../node";
import { ObstacleKind, type Obstacle } from "../obstacle";
import type { SchedulablePod } from "../pod";
import { isAnyTermMet } from "./node-affinity";

/**
 * A pod runs where all of its volumes can be reached; the subject is the first claim whose volume cannot. Of
 * the node affinity of a volume, the scheduler looks at labels alone.
 *
 * @see https://github.com/kubernetes/component-helpers/blob/v0.36.3/storage/volume/helpers.go `CheckNodeAffinity`
 */
export function volumeObstacle(pod: SchedulablePod, node: SchedulableNode): Obstacle | undefined {
  const outOfReach = pod.volumes.find(({ terms }) => !isAnyTermMet(terms, node.labels, ""));
  if (outOfReach === undefined) return undefined;
  return {
    kind: ObstacleKind.volumeZone,
    message: "node(s) didn't match PersistentVolume's node affinity",
    subject: outOfReach.claim,
  };
}
