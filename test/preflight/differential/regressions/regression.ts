import type { RecordedWorld, WorldNode, WorldPod } from "../world";

/** A world of which something is particular, with what the real scheduler says, up to where its attempts to make room begin. */
export interface Regression extends RecordedWorld {
  /** What is shown by it, as a sentence. */
  title: string;
}

/** A node that has enough of everything, unless something else is said of it. */
export function nodeWith(name: string, rest: Partial<WorldNode> = {}): WorldNode {
  return { name, labels: {}, taints: [], allocatable: { cpu: "4", memory: "8Gi", pods: "10" }, ...rest };
}

/** A pod that asks for nothing, with more in its spec. */
export function podWith(spec: Record<string, unknown>, labels: Record<string, string> = {}): WorldPod {
  return { namespace: "default", labels, spec: { containers: [{ name: "main", image: "none" }], ...spec } };
}
