import { ObstacleKind, type Obstacle } from "../scheduling/obstacle";

/** Obstacles that stay for good, as pods are added and none are taken away. */
const LASTING: readonly ObstacleKind[] = [
  ObstacleKind.resource,
  ObstacleKind.tooManyPods,
  ObstacleKind.hostPort,
  ObstacleKind.podAntiAffinity,
  ObstacleKind.existingAntiAffinity,
];

/** Obstacles that come from other pods. */
const RULES: readonly ObstacleKind[] = [
  ObstacleKind.hostPort,
  ObstacleKind.topologySpread,
  ObstacleKind.podAffinity,
  ObstacleKind.podAntiAffinity,
  ObstacleKind.existingAntiAffinity,
];

/** Of a node that has less left than a pod asks for. */
export const FULL: readonly Obstacle[] = [{ kind: ObstacleKind.resource, message: "" }];

/** Whether any of some obstacles stays for good. */
export function isLasting(obstacles: readonly Obstacle[]): boolean {
  return obstacles.some(({ kind }) => LASTING.includes(kind));
}

/** Whether an obstacle comes from other pods. */
export function isOfRule({ kind }: Obstacle): boolean {
  return RULES.includes(kind);
}
