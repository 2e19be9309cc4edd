import type { SchedulablePod, Toleration } from "../scheduling/pod";
import { readTolerations } from "../scheduling/readers/toleration-reader";
import type { Flavor } from "./limits";

/** A label that a flavor makes pods select by, and that they do not by themselves. */
export interface FlavorLabel {
  flavor: string;
  key: string;
  value: string;
}

/** A pod as a queue can admit it. */
export interface FlavoredPod {
  pod: SchedulablePod;
  flavorLabels: readonly FlavorLabel[];
}

/** Combinations of flavors that are looked at; queues have a few each. */
const COMBINATIONS = 64;

/**
 * The pod as a queue can admit it: once for each flavor, with what the flavor adds to it; the pod itself where it is
 * in no queue. All pods of a set get the same flavors, one of each group of resources.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/resource_flavor/ v0.19
 */
export function flavoredPods(pod: SchedulablePod, groups: readonly (readonly Flavor[])[]): FlavoredPod[] {
  let pods: FlavoredPod[] = [{ pod, flavorLabels: [] }];
  for (const flavors of groups) {
    const combined = pods.flatMap((each) => flavors.map((flavor) => withFlavor(each, flavor)));
    // Beyond that, all flavors of a group are taken for nodes that the pods may be on.
    if (combined.length <= COMBINATIONS) pods = combined;
  }
  return pods;
}

function withFlavor({ pod, flavorLabels }: FlavoredPod, { name, nodeLabels, tolerations }: Flavor): FlavoredPod {
  if (nodeLabels === undefined) {
    // What the queue will add to the selector is not known.
    return { pod: { ...pod, unknownPaths: [...pod.unknownPaths, "spec.nodeSelector"] }, flavorLabels };
  }
  const own = new Map(pod.nodeSelector);
  const added = Object.entries(nodeLabels).filter(([key, value]) => own.get(key) !== value);
  const tolerated = tolerationsOf(tolerations);
  if (added.length + tolerated.length === 0) return { pod, flavorLabels };
  return {
    pod: {
      ...pod,
      nodeSelector: [...pod.nodeSelector, ...added],
      tolerations: [...pod.tolerations, ...tolerated],
    },
    flavorLabels: [...flavorLabels, ...added.map(([key, value]) => ({ flavor: name, key, value }))],
  };
}

function tolerationsOf(tolerations: Flavor["tolerations"]): readonly Toleration[] {
  if (tolerations.length === 0) return [];
  return readTolerations({ value: [...tolerations], path: "", unknownPaths: new Set() });
}
