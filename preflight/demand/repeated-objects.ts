import type { PlannedResource } from "../planned-resource";
import { findObject, groupKindOf, objectName, objectNamespace, type StackIndex } from "../pools/stack-index";

const CLUSTER_TYPE = "aws:eks/cluster:Cluster";

/**
 * Objects of one kind, namespace and name, as the stack declares them each time: a cluster has one of them, and the first
 * counts. None where there are several clusters, each of which may have objects of the same names.
 */
export function repeatedObjects(stack: StackIndex): PlannedResource[][] {
  if (stack.resources.filter(({ type }) => type === CLUSTER_TYPE).length > 1) return [];
  const repeated = new Map<PlannedResource, PlannedResource[]>();
  for (const resource of stack.resources) {
    const first = firstOfName(resource, stack);
    if (first === undefined || first === resource) continue;
    repeated.set(first, [...(repeated.get(first) ?? [first]), resource]);
  }
  return [...repeated.values()];
}

function firstOfName(resource: PlannedResource, stack: StackIndex): PlannedResource | undefined {
  const named = groupKindOf(resource);
  const [namespace, name] = [objectNamespace(resource), objectName(resource)];
  if (named === undefined || name === undefined || namespace === undefined) return undefined;
  const { group, kind } = named;
  return findObject(stack, group, kind, namespace, name) ?? findObject(stack, group, kind, "", name);
}
