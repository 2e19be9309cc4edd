import { labelOf, selects } from "../../../preflight/scheduling/label-matching";
import type { SchedulableNode } from "../../../preflight/scheduling/node";
import { ObstacleKind } from "../../../preflight/scheduling/obstacle";
import type { PodTerm, SchedulablePod } from "../../../preflight/scheduling/pod";

/** A pod on a node. */
export interface Placement {
  pod: SchedulablePod;
  node: SchedulableNode;
}

/**
 * The rules between pods, by looking at every pod on every node each time as the scheduler does: slow, and without anything
 * that must be kept up to date. Nodes have no taints here, and pods select no nodes.
 */
export function naiveObstacle(
  pod: SchedulablePod,
  node: SchedulableNode,
  nodes: readonly SchedulableNode[],
  placements: readonly Placement[],
): ObstacleKind | undefined {
  return spreadObstacle(pod, node, nodes, placements) ?? affinityObstacle(pod, node, placements);
}

function spreadObstacle(
  pod: SchedulablePod,
  node: SchedulableNode,
  nodes: readonly SchedulableNode[],
  placements: readonly Placement[],
): ObstacleKind | undefined {
  const counted = nodes.filter(({ labels }) =>
    pod.spread.every(({ topologyKey }) => labelOf(labels, topologyKey) !== undefined),
  );
  for (const { topologyKey, selector, maxSkew, minDomains } of pod.spread) {
    const domain = labelOf(node.labels, topologyKey);
    if (domain === undefined) return ObstacleKind.topologySpreadLabel;
    const counts = new Map(counted.map(({ labels }) => [labels[topologyKey]!, 0]));
    for (const other of placements) {
      const isCounted = counted.includes(other.node) && other.pod.namespace === pod.namespace && selector?.length !== 0;
      const of = other.node.labels[topologyKey]!;
      if (isCounted && selects(selector, other.pod.labels)) counts.set(of, counts.get(of)! + 1);
    }
    const fewest = counts.size < minDomains ? 0 : Math.min(...counts.values());
    const self = selects(selector, pod.labels) ? 1 : 0;
    if ((counts.get(domain) ?? 0) + self - fewest > maxSkew) return ObstacleKind.topologySpread;
  }
  return undefined;
}

function affinityObstacle(
  pod: SchedulablePod,
  node: SchedulableNode,
  placements: readonly Placement[],
): ObstacleKind | undefined {
  const isNear = (key: string, other: Placement): boolean =>
    labelOf(node.labels, key) !== undefined && labelOf(node.labels, key) === labelOf(other.node.labels, key);

  if (pod.affinity.length > 0) {
    if (pod.affinity.some(({ topologyKey }) => labelOf(node.labels, topologyKey) === undefined)) {
      return ObstacleKind.podAffinity;
    }
    const wanted = placements.filter((other) => pod.affinity.every((term) => covers(term, pod, other.pod)));
    const isLabelled = wanted.some((other) =>
      pod.affinity.some(({ topologyKey }) => labelOf(other.node.labels, topologyKey) !== undefined),
    );
    const isFirst = !isLabelled && pod.affinity.every((term) => covers(term, pod, pod));
    const isMet = pod.affinity.every(({ topologyKey }) => wanted.some((other) => isNear(topologyKey, other)));
    if (!isFirst && !isMet) return ObstacleKind.podAffinity;
  }
  const keepsAway = pod.antiAffinity.some((term) =>
    placements.some((other) => covers(term, pod, other.pod) && isNear(term.topologyKey, other)),
  );
  if (keepsAway) return ObstacleKind.podAntiAffinity;
  const isKeptAway = placements.some((other) =>
    other.pod.antiAffinity.some((term) => covers(term, other.pod, pod) && isNear(term.topologyKey, other)),
  );
  return isKeptAway ? ObstacleKind.existingAntiAffinity : undefined;
}

/** Terms that select namespaces select all of them here. */
function covers(term: PodTerm, owner: SchedulablePod, other: SchedulablePod): boolean {
  const isAll = term.namespaceSelector !== undefined;
  const names = term.namespaces.length === 0 && !isAll ? [owner.namespace] : term.namespaces;
  return (isAll || names.includes(other.namespace)) && selects(term.selector, other.labels);
}
