import type { Taint, Tree, TreeObject } from "../../../components/model";
import type { SchedulableNode } from "../../../preflight/scheduling/node";
import type { SchedulablePod } from "../../../preflight/scheduling/pod";
import { schedulablePod } from "../../../preflight/scheduling/pod-reader";
import { amountOf } from "../../../preflight/scheduling/quantities";

/** What a test says of a node; one without taints or labels that has room for 110 pods by default. */
export interface NodeSample {
  labels?: Record<string, string>;
  taints?: Taint[];
  unschedulable?: boolean;
  allocatable?: Record<string, string>;
}

/** A node as a test describes it. */
export function nodeOf(name: string, sample: NodeSample = {}): SchedulableNode {
  const { labels = {}, taints = [], unschedulable, allocatable = {} } = sample;
  const quantities = Object.entries({ pods: "110", ...allocatable });
  return {
    name,
    labels,
    taints,
    allocatable: new Map(quantities.map(([resource, quantity]) => [resource, amountOf(resource, quantity)!])),
    ...(unschedulable === undefined ? {} : { unschedulable }),
  };
}

/** The pods of a spec in the namespace `ml`, with labels. */
export function podOf(spec: TreeObject, labels: TreeObject = {}, namespace = "ml"): SchedulablePod {
  return schedulablePod({ metadata: { labels }, spec }, { namespace });
}

/** The spec of pods with one container that has such requests. */
export function asking(requests: TreeObject): TreeObject {
  return { containers: [{ name: "main", resources: { requests } }] };
}

/** A required affinity of some kind: `nodeAffinity` with its terms, or one to pods. */
export function required(kind: "nodeAffinity" | "podAffinity" | "podAntiAffinity", ...terms: Tree[]): TreeObject {
  const listed = kind === "nodeAffinity" ? { nodeSelectorTerms: terms } : terms;
  return { affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: listed } } };
}

/** A spread constraint over zones, which keeps pods waiting. */
export function spreadOver(topologyKey: string, more: TreeObject = {}): TreeObject {
  return { topologyKey, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", ...more };
}

/** What is read of a field of a pod, and what is noted as not known. */
export function readingOf<K extends keyof SchedulablePod>(
  field: K,
  spec: TreeObject,
  labels: TreeObject = {},
): [value: SchedulablePod[K], unknownPaths: readonly string[]] {
  const pod = podOf(spec, labels);
  return [pod[field], pod.unknownPaths];
}
