import { POOL_LABEL } from "../../../components/model";
import type { Manifest } from "../../preflight/placement-differential/stack";
import { GPU_TAINT, poolName, TOLERATION } from "./pool-objects";
import type { Flavor, Pool, Queue, World } from "./world";

const KUEUE = "kueue.x-k8s.io/v1beta2";

/** Queues of a world, if it has any, with their flavors. */
export function queuesOf({ queue, pools, namespace }: World, world: string): Manifest[] {
  if (queue === undefined) return [];
  const { flavors, neighbour } = queue;
  const other = neighbour === undefined ? [] : [clusterQueue(queue, neighbour, `${world}-other`, world)];
  return [
    ...flavors.map((flavor, index) => flavorOf(flavor, pools, index, world)),
    clusterQueue(queue, flavors, world, world),
    ...other,
    {
      apiVersion: KUEUE,
      kind: "LocalQueue",
      metadata: { name: namespace.localQueue, namespace: world },
      spec: { clusterQueue: world },
    },
  ];
}

function flavorOf({ pool, taint }: Flavor, pools: readonly Pool[], index: number, world: string): Manifest {
  const isTainted = pool !== undefined && pools[pool]!.isTainted;
  return {
    apiVersion: KUEUE,
    kind: "ResourceFlavor",
    metadata: { name: flavorName(world, index) },
    spec: {
      ...(pool !== undefined && { nodeLabels: { [POOL_LABEL]: poolName(world, pool) } }),
      ...(isTainted && taint === "tolerated" && { tolerations: [TOLERATION] }),
      ...(isTainted && taint === "demanded" && { nodeTaints: [GPU_TAINT] }),
    },
  };
}

function flavorName(world: string, index: number): string {
  return `${world}-f${index}`;
}

function clusterQueue(queue: Queue, flavors: readonly Flavor[], name: string, world: string): Manifest {
  const { groups, neighbour, borrowsLast } = queue;
  const [first, ...later] = groups;
  // A flavor may be in one group only: further groups have flavors of any nodes.
  const resourceGroups = [
    {
      coveredResources: first!,
      flavors: flavors.map((flavor, index) => ({
        name: flavorName(world, index),
        resources: first!.map((resource) => quotaIn(flavor, resource)),
      })),
    },
    ...later.map((resources) => ({
      coveredResources: resources,
      flavors: [{ name: ANY_NODES, resources: resources.map((resource) => quotaIn(flavors[0]!, resource)) }],
    })),
  ];
  return {
    apiVersion: KUEUE,
    kind: "ClusterQueue",
    metadata: { name },
    spec: {
      ...(neighbour !== undefined && { cohortName: world }),
      namespaceSelector: {},
      resourceGroups,
      ...(borrowsLast && { flavorFungibility: { whenCanBorrow: "TryNextFlavor" } }),
    },
  };
}

/** Flavor of resources that go by no pool; all worlds share it. */
export const ANY_NODES = "any-nodes";

function quotaIn({ quotas, borrowingLimit = {}, lendingLimit = {} }: Flavor, name: string) {
  return {
    name,
    nominalQuota: quotas[name]!,
    ...(borrowingLimit[name] !== undefined && { borrowingLimit: borrowingLimit[name] }),
    ...(lendingLimit[name] !== undefined && { lendingLimit: lendingLimit[name] }),
  };
}
