import { compact, renderToleration } from "../../internal";
import {
  planQueues,
  type PlannedQueue,
  POOL_LABEL,
  type PoolShape,
  QUEUED_NAMESPACE_LABEL,
  QueuePreemptionRule,
  QueueReclaimRule,
  QueueStop,
  type Taint,
} from "../../model";
import type { KubernetesObject } from "../../rendering";
import { queuePlanInput, type QueuesArgs } from "./queues-args";

const apiVersion = "kueue.x-k8s.io/v1beta2";

/** Name of the Topology that flavors refer to. */
const TOPOLOGY_NAME = "nodes";

const defaultPriorities: Record<string, number> = { low: -1000, normal: 0, high: 1000 };

/** Objects of queues, those first that others refer to. */
export interface QueueManifests {
  topologies: KubernetesObject[];
  flavors: KubernetesObject[];
  cohorts: KubernetesObject[];
  clusterQueues: KubernetesObject[];
  priorityClasses: KubernetesObject[];
}

/**
 * Every object of the queues: a flavor of each pool, cohorts, a ClusterQueue of each queue, priorities.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/ (Kueue 0.19)
 */
export function queueManifests(name: string, args: QueuesArgs): QueueManifests {
  const { queues } = planQueues(queuePlanInput(name, args));
  const { topologyLevels = [], priorities = defaultPriorities, platform = {} } = args;
  const cohorts = [...new Set(queues.flatMap(({ cohort }) => cohort ?? []))];
  const levels = topologyLevels.map((nodeLabel) => ({ nodeLabel }));
  return {
    topologies: levels.length === 0 ? [] : [{ ...object("Topology", TOPOLOGY_NAME), spec: { levels } }],
    flavors: args.pools.map((pool) => flavor(pool, args)),
    // A weight is there by default, and stated, so that nobody else's stays.
    cohorts: cohorts.map((cohort) => ({ ...object("Cohort", cohort), spec: { fairSharing: { weight: "1" } } })),
    clusterQueues: queues.map((queue) => clusterQueue(queue, platform.simulated ?? false)),
    priorityClasses: Object.entries(priorities).map(([key, value]) => ({
      ...object("WorkloadPriorityClass", key),
      value,
      description: `Jobs of ${key} priority.`,
    })),
  };
}

function object(kind: string, name: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name } };
}

/** A flavor stands for the nodes of a pool, which its label tells apart. */
function flavor(pool: PoolShape, { requireTolerations = false, topologyLevels = [] }: QueuesArgs): KubernetesObject {
  const { name, taints } = pool;
  const spec = compact({
    nodeLabels: { [POOL_LABEL]: name },
    nodeTaints: requireTolerations && taints.length > 0 ? taints.map(taintOf) : undefined,
    tolerations: requireTolerations || taints.length === 0 ? undefined : taints.map(tolerationOf),
    topologyName: topologyLevels.length > 0 ? TOPOLOGY_NAME : undefined,
  });
  return { ...object("ResourceFlavor", name), spec };
}

function taintOf({ key, value, effect }: Taint) {
  return compact({ key, value, effect });
}

function tolerationOf({ key, value, effect }: Taint) {
  return renderToleration(compact({ key, value, effect }));
}

function clusterQueue({ declaration, cohort, flavors }: PlannedQueue, simulated: boolean): KubernetesObject {
  const {
    name,
    preemption = {},
    fairShareWeight = 1,
    strict = false,
    namespaceLabels,
    stop = QueueStop.none,
  } = declaration;
  const { withinQueue, reclaim, borrowByPreemption = false } = preemption;
  const resources = flavors[0]?.resources.map((resource) => resource.name) ?? [];
  const spec = compact({
    cohortName: cohort,
    // Without a selector, a queue takes from no namespace.
    namespaceSelector: { matchLabels: { [QUEUED_NAMESPACE_LABEL]: "true", ...namespaceLabels } },
    queueingStrategy: strict ? "StrictFIFO" : "BestEffortFIFO",
    resourceGroups: [
      {
        coveredResources: resources,
        flavors: flavors.map((each) => ({ name: each.pool, resources: each.resources.map(compact) })),
      },
    ],
    preemption: {
      withinClusterQueue: withinQueue ?? QueuePreemptionRule.lowerPriority,
      reclaimWithinCohort: reclaim ?? QueueReclaimRule.any,
      borrowWithinCohort: { policy: borrowByPreemption ? "LowerPriority" : "Never" },
    },
    flavorFungibility: { whenCanBorrow: "MayStopSearch", whenCanPreempt: "TryNextFlavor" },
    fairSharing: { weight: String(fairShareWeight) },
    stopPolicy: stop,
  });
  const queue = { ...object("ClusterQueue", name), spec };
  // A stopped queue is not active, and nobody would say so where no controller runs.
  if (simulated || stop !== QueueStop.none) return queue;
  return { ...queue, metadata: { name, annotations: { "pulumi.com/waitFor": "condition=Active" } } };
}
