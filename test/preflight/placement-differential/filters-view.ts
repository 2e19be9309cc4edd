import type { PodTemplate } from "../../../components/model";
import type { SchedulableNode } from "../../../preflight/scheduling/node";
import type { NodeTerm, SchedulablePod } from "../../../preflight/scheduling/pod";
import { schedulablePod } from "../../../preflight/scheduling/pod-reader";
import { amountOf } from "../../../preflight/scheduling/quantities";
import { CLAIMS, RUNTIME_CLASSES } from "../differential/cluster-objects";
import type { WorldNode, WorldPod } from "../differential/world";

/** A node as our filters take it; they are compared with those of the scheduler elsewhere. */
export function nodeForFilters({
  name,
  labels,
  taints,
  allocatable,
  unschedulable = false,
}: WorldNode): SchedulableNode {
  const amounts = Object.entries(allocatable).map(
    ([resource, amount]) => [resource, amountOf(resource, amount)!] as const,
  );
  return { name, labels, taints, allocatable: new Map(amounts), unschedulable };
}

/** A pod as our filters take it, with what admission adds from its RuntimeClass. */
export function podForFilters({ namespace, labels, spec }: WorldPod): SchedulablePod {
  const overhead = RUNTIME_CLASSES[String(spec["runtimeClassName"])];
  const template = { metadata: { labels }, spec: { ...spec, ...(overhead && { overhead }) } } as PodTemplate;
  return schedulablePod(template, { namespace, volumes: reachOf });
}

function reachOf(claim: string): NodeTerm[] | undefined {
  return CLAIMS[claim]?.map(({ matchExpressions }) => ({
    expressions: matchExpressions.map(({ key, operator, values = [] }) => ({ key, operator, values })),
    fields: [],
  }));
}
