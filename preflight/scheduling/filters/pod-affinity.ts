import type { ClusterState } from "../cluster-state";
import type { DomainCounts } from "../domain-counts";
import { labelOf } from "../label-matching";
import type { SchedulableNode } from "../node";
import { ObstacleKind, type Obstacle } from "../obstacle";
import type { SchedulablePod } from "../pod";
import { isOnePodKey } from "../one-pod-claims";
import type { AffinityRule } from "../pod-rules";

const AFFINITY = "node(s) didn't match pod affinity rules";
const IN_USE = "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode";

/** Pods that a pod wants near it are near, those that it keeps away from are not, and none there keeps away from it. */
export function podAffinityObstacle(
  pod: SchedulablePod,
  node: SchedulableNode,
  state: ClusterState,
): Obstacle | undefined {
  const { affinity, antiAffinity } = state.rulesOf(pod);
  const lonely = affinity === undefined ? undefined : keyWithoutPods(affinity, node);
  if (lonely !== undefined) return { kind: ObstacleKind.podAffinity, message: AFFINITY, subject: lonely };

  const own = antiAffinity.find((counts) => counts.isIn(node));
  if (own !== undefined) {
    const message = isOnePodKey(own.topologyKey) ? IN_USE : "node(s) didn't match pod anti-affinity rules";
    return { kind: ObstacleKind.podAntiAffinity, message, subject: own.topologyKey };
  }
  const standing = state.antiAffinityAbout(pod).find(({ counts }) => counts.isIn(node));
  if (standing === undefined) return undefined;
  const message = "node(s) didn't satisfy existing pods anti-affinity rules";
  return { kind: ObstacleKind.existingAntiAffinity, message, subject: standing.counts.topologyKey };
}

/** A node without the label of a term of the affinity takes no pod, wherever others are. */
export function affinityLabelObstacle(pod: SchedulablePod, node: SchedulableNode): Obstacle | undefined {
  for (const { topologyKey: subject } of pod.affinity) {
    if (labelOf(node.labels, subject) === undefined) {
      return { kind: ObstacleKind.podAffinity, message: AFFINITY, subject };
    }
  }
  return undefined;
}

/** The topology key of a term that a node does not meet; the first pod of a group needs no other one. */
function keyWithoutPods({ counts, isSelf }: AffinityRule, node: SchedulableNode): string | undefined {
  const unlabelled = counts.find(({ topologyKey }) => labelOf(node.labels, topologyKey) === undefined);
  if (unlabelled !== undefined) return unlabelled.topologyKey;
  if (isSelf && counts.every((count: DomainCounts) => count.isEmpty)) return undefined;
  return counts.find((count) => !count.isIn(node))?.topologyKey;
}
