import { ObstacleKind, type Obstacle } from "../scheduling/obstacle";

/**
 * What obstacles weigh that are no shortage. A toleration is soon forgotten, and a volume in the wrong zone says nothing of
 * which nodes are meant, while labels do: so a pool that pods select stays the closest even where it has none of what they
 * ask for.
 */
const WEIGHTS: Partial<Record<ObstacleKind, number>> = {
  [ObstacleKind.taint]: 0.5,
  [ObstacleKind.nodeAffinity]: 1.5,
  [ObstacleKind.nodeName]: 1.5,
  [ObstacleKind.volumeZone]: 0.75,
};

/**
 * How far a pool is from taking a pod: the sum over its obstacles, where a resource of which half is missing weighs a
 * half, and one that is not there at all weighs 1.
 */
export function distance(obstacles: readonly Obstacle[]): number {
  return obstacles.reduce((sum, obstacle) => sum + (WEIGHTS[obstacle.kind] ?? missingPart(obstacle)), 0);
}

function missingPart({ asked = 0, left = 0 }: Obstacle): number {
  return asked > 0 ? 1 - Math.max(0, left) / asked : 1;
}
