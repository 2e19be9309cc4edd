import { LABELS } from "../../differential/vocabulary";
import type { RecordedStack } from "../offers";
import type { Manifest } from "../stack";

/** A stack of which something is particular, with what the real scheduler did with its pods. */
export interface Regression extends RecordedStack {
  /** What is shown by it, as a sentence. */
  title: string;
}

/** A node in `us-east-1a` that has room for a few pods, unless something else is said of it. */
export function declaredNode(
  name: string,
  { labels = {}, ...amounts }: { labels?: Record<string, string> } & Record<string, unknown> = {},
): Manifest {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { [LABELS.zone]: "us-east-1a", ...labels, [LABELS.hostname]: name } },
    spec: {},
    status: { allocatable: { cpu: "4", memory: "8Gi", pods: "10", ...amounts } },
  };
}

/** A Job of so many pods, with more in the spec of each. */
export function declaredJob(
  name: string,
  parallelism: number,
  { labels = {}, ...spec }: { labels?: Record<string, string> } & Record<string, unknown>,
): Manifest {
  const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "none" }], ...spec } };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: "default" },
    spec: { parallelism, completionMode: "Indexed", completions: parallelism, template },
  };
}

/** An affinity of one kind with one term. */
export function affinity(
  kind: "podAffinity" | "podAntiAffinity",
  topologyKey: string,
  matchLabels: Record<string, string>,
): Record<string, unknown> {
  const term = { topologyKey, labelSelector: { matchLabels } };
  return { affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
}

/** What is said of empty nodes that would all take a pod. */
export function allEmpty(nodes: number): string {
  return `0/${nodes} nodes are available: ${nodes} cannot allocate all claims.`;
}
