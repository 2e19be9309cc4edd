import type { Amounts } from "../amounts";
import { ObstacleKind, type Obstacle } from "../obstacle";
import type { SchedulablePod } from "../pod";

const NONE: readonly Obstacle[] = [];

/** A node has room for a pod, and as much as it asks for of each resource; all that it is short of are named. */
export function resourceObstacles(pod: SchedulablePod, left: Amounts): readonly Obstacle[] {
  let obstacles: Obstacle[] | undefined;
  for (const [resource, asked] of pod.requests) {
    const have = left.get(resource) ?? 0;
    if (asked <= have || asked === 0) continue;
    obstacles ??= [];
    obstacles.push(shortage(resource, asked, have));
  }
  return obstacles ?? NONE;
}

function shortage(resource: string, asked: number, left: number): Obstacle {
  return resource === "pods"
    ? { kind: ObstacleKind.tooManyPods, message: "Too many pods", subject: resource, asked, left }
    : { kind: ObstacleKind.resource, message: `Insufficient ${resource}`, subject: resource, asked, left };
}
