import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { obstaclesOf } from "../../../preflight/scheduling/feasibility";
import { NAMESPACES } from "../differential/cluster-objects";
import type { WorldPod } from "../differential/world";
import { nodeForFilters, podForFilters } from "./filters-view";
import { worldOf } from "./offers";
import type { DeclaredStack } from "./stack";

/** Pods that are put somewhere before a search gives up. */
const STEPS = 20_000;

/**
 * Where pods that come one after the other can be, if each goes to the best of the nodes that the filters leave; undefined
 * where there is no way to place them all.
 */
export function otherChoice(stack: DeclaredStack, pods: readonly WorldPod[]): string[] | undefined {
  const { nodes, placed } = worldOf(stack, []);
  const all = nodes.map(nodeForFilters);
  const state = new ClusterState(all, (namespace) => ({
    ...NAMESPACES[namespace],
    "kubernetes.io/metadata.name": namespace,
  }));
  for (const { node, pod } of placed)
    state.place(
      podForFilters(pod),
      all.find(({ name }) => name === node)!,
    );
  const wanted = pods.map(podForFilters);
  const chosen: number[] = [];
  const failed = new Set<string>();
  let steps = 0;
  const search = (at: number): boolean => {
    const pod = wanted[at];
    if (pod === undefined) return true;
    // Pods of a set differ in nothing that tells where they can be.
    const situation = [...chosen].sort().join();
    if (failed.has(situation) || steps > STEPS) return false;
    for (const [index, node] of all.entries()) {
      if (obstaclesOf(pod, node, state).length > 0) continue;
      steps += 1;
      state.place(pod, node);
      chosen.push(index);
      if (search(at + 1)) return true;
      chosen.pop();
      state.remove(pod, node);
    }
    failed.add(situation);
    return false;
  };
  return search(0) ? chosen.map((index) => all[index]!.name) : undefined;
}
