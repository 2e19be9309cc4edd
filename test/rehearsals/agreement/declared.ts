import type { DeclaredStack, Manifest } from "../../preflight/placement-differential/stack";
import { type PoolObjects, poolObjectsOf, WORLD_LABEL } from "./pool-objects";
import { queuesOf } from "./queue-objects";
import { workOf } from "./work-objects";
import type { Namespace, World } from "./world";

/** The objects of a world, and the components that some of them are of. */
export interface DeclaredWorld extends DeclaredStack, Pick<PoolObjects, "components"> {}

/** The objects of a world, with names of its own. */
export function declared(world: World, name: string): DeclaredWorld {
  const { nodes, nodePools, components } = poolObjectsOf(world.pools, name);
  return {
    nodes,
    components,
    workloads: [workOf(world.work, name)],
    others: [
      namespaceOf(world.namespace, name),
      ...quotaOf(world.namespace, name),
      ...queuesOf(world, name),
      ...nodePools,
    ],
  };
}

function namespaceOf({ isQueued }: Namespace, name: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { [WORLD_LABEL]: name, ...(isQueued && { "mlstack.dev/queued": "true" }) } },
  };
}

function quotaOf({ quota }: Namespace, namespace: string): Manifest[] {
  if (quota === undefined) return [];
  return [
    { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "tenant", namespace }, spec: { hard: { ...quota } } },
  ];
}
