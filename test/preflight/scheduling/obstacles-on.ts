import { expect } from "vitest";
import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { emptyNodeObstacles, obstaclesOf } from "../../../preflight/scheduling/feasibility";
import type { SchedulableNode } from "../../../preflight/scheduling/node";
import type { Obstacle } from "../../../preflight/scheduling/obstacle";
import type { SchedulablePod } from "../../../preflight/scheduling/pod";

/** What keeps a pod off a node that is alone and empty, as both ways to ask tell it. */
export function obstaclesOn(pod: SchedulablePod, node: SchedulableNode): readonly Obstacle[] {
  const obstacles = emptyNodeObstacles(pod, node);
  expect(obstaclesOf(pod, node, new ClusterState([node]))).toEqual(obstacles);
  return obstacles;
}
