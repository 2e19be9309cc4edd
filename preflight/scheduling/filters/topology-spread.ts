import { labelOf } from "../label-matching";
import type { SchedulableNode } from "../node";
import { ObstacleKind, type Obstacle } from "../obstacle";
import type { SchedulablePod } from "../pod";
import type { SpreadRule } from "../pod-rules";

const MISMATCH = "node(s) didn't match pod topology spread constraints";

/**
 * Another pod in the domain of a node must not make it have more than `maxSkew` pods above the domain with the fewest, or
 * above none where there are fewer domains than there shall be. The first constraint that does not hold is named.
 */
export function spreadObstacle(rules: readonly SpreadRule[], node: SchedulableNode): Obstacle | undefined {
  for (const { constraint, counts, self } of rules) {
    const { topologyKey, maxSkew, minDomains } = constraint;
    const domain = labelOf(node.labels, topologyKey);
    if (domain === undefined) return missingLabel(topologyKey);
    const fewest = counts.domains < minDomains ? 0 : counts.fewest;
    if (counts.of(domain) + self - fewest > maxSkew) {
      return { kind: ObstacleKind.topologySpread, message: MISMATCH, subject: topologyKey };
    }
  }
  return undefined;
}

/** A node without the label of a constraint takes no pod, wherever others are. */
export function spreadLabelObstacle(pod: SchedulablePod, node: SchedulableNode): Obstacle | undefined {
  for (const { topologyKey } of pod.spread) {
    if (labelOf(node.labels, topologyKey) === undefined) return missingLabel(topologyKey);
  }
  return undefined;
}

function missingLabel(subject: string): Obstacle {
  return { kind: ObstacleKind.topologySpreadLabel, message: `${MISMATCH} (missing required label)`, subject };
}
