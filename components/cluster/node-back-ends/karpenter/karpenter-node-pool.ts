import { compact } from "../../../internal";
import { CapacityType, type PoolShape, type Taint } from "../../../model";
import { declaredLabels } from "../declared-labels";
import type { NodeRequirement } from "./node-requirements";

/** When the nodes of a pool may be taken away, in the spelling of NodePools. */
export interface NodeLifetime {
  /** Age at which a node is drained whatever runs on it, for example `720h`; `Never` for no such age. */
  expireAfter: string;
  /** How long pods may hold up the draining, whatever they ask for; as long as they like where undefined. */
  terminationGracePeriod?: string;
  /** Which nodes may go to save money. */
  consolidationPolicy: "WhenEmpty" | "WhenEmptyOrUnderutilized";
  /** How long a node must have been empty or underused before it goes. */
  consolidateAfter: string;
  /** How many nodes may go at once, for each reason; nothing said of a reason means any number. */
  budgets: { nodes: string; reasons?: string[] }[];
}

/** What the NodePools of Karpenter and of Auto Mode differ in. */
export interface NodePoolKind {
  /** API group of the node class. */
  group: string;
  /** Kind of the node class, which has the pool's name. */
  kind: string;
  /** What nodes must be like. */
  requirements: NodeRequirement[];
  /** When nodes may be taken away. */
  lifetime: NodeLifetime;
}

/** Of two pools that would do for a pod, the one whose machines are paid for anyway is used first. */
const PREPAID_WEIGHT = 50;

const prepaid: CapacityType[] = [CapacityType.reserved, CapacityType.capacityBlock];

/**
 * The NodePool of a pool: what its nodes are like, how many there may be, and when they may go.
 *
 * The ceilings are eventual: when many pods come at once, Karpenter may start a node too many.
 *
 * @see https://karpenter.sh/v1.14/concepts/nodepools/
 */
export function nodePoolManifest(shape: PoolShape, { group, kind, requirements, lifetime }: NodePoolKind) {
  const { expireAfter, terminationGracePeriod, ...disruption } = lifetime;
  return {
    apiVersion: "karpenter.sh/v1" as const,
    kind: "NodePool" as const,
    metadata: { name: shape.name },
    spec: compact({
      template: {
        metadata: { labels: declaredLabels(shape) },
        spec: compact({
          nodeClassRef: { group, kind, name: shape.name },
          requirements,
          taints: shape.taints.length === 0 ? undefined : shape.taints.map(nodePoolTaint),
          expireAfter,
          terminationGracePeriod,
        }),
      },
      disruption,
      limits: limitsOf(shape),
      weight: prepaid.includes(shape.capacityType) ? PREPAID_WEIGHT : undefined,
    }),
  };
}

function limitsOf({ gpuResource, gpusPerNode, maxNodes }: PoolShape): Record<string, string> {
  return {
    nodes: String(maxNodes),
    ...(gpuResource === undefined ? {} : { [gpuResource]: String(maxNodes * gpusPerNode) }),
  };
}

/** The schema of NodePools accepts no value that is empty, though Kubernetes takes it for none. */
function nodePoolTaint({ key, value, effect }: Taint) {
  return compact({ key, value: value === "" ? undefined : value, effect });
}
