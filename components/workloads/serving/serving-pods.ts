import { TOPOLOGY_LABELS } from "../pods";
import { Closeness, type Manifest } from "../object";

/**
 * Spreads pods over zones and nodes, as far as there is room; each version by itself, so that a rollout leaves none in one
 * place.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/ (1.36)
 */
export function servingSpread(matchLabels: Record<string, string>, matchLabelKeys = ["pod-template-hash"]) {
  return [Closeness.zone, Closeness.node].map((closeness) => ({
    maxSkew: 1,
    topologyKey: TOPOLOGY_LABELS[closeness],
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels },
    matchLabelKeys,
  }));
}

/**
 * Lets nodes be emptied of one pod at a time; pods that are not well are no reason to keep a node.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy (1.36)
 */
export function servingBudget(metadata: Manifest["metadata"], matchLabels: Record<string, string>): Manifest {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata,
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels } },
  };
}
