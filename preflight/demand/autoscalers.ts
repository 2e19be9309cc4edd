import { nodeAt, stringAt } from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { groupKindOf, isObject, objectName, objectNamespace, type StackIndex } from "../pools/stack-index";

/** How far autoscalers of a stack raise the number of pods. */
export interface Autoscalers {
  /** The most pods of an object; undefined where no autoscaler of the stack is about it. */
  ceilingOf: (resource: PlannedResource) => number | undefined;
}

/**
 * Kinds of autoscalers, where each says how many pods there may be, and how many where it does not.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/ (v1.36)
 * @see https://keda.sh/docs/2.20/reference/scaledobject-spec/
 */
const KINDS = [
  { group: "autoscaling", kind: "HorizontalPodAutoscaler", path: "spec.maxReplicas", absent: undefined },
  { group: "keda.sh", kind: "ScaledObject", path: "spec.maxReplicaCount", absent: 100 },
  { group: "http.keda.sh", kind: "HTTPScaledObject", path: "spec.replicas.max", absent: 100 },
];

/** Kind of the target of an autoscaler that names none. */
const DEFAULT_TARGET = "Deployment";

/** Collects the autoscalers of a stack; of several for one object, the one that goes furthest counts. */
export function autoscalersOf(stack: StackIndex): Autoscalers {
  const ceilings = new Map<string, number>();
  for (const resource of stack.resources) {
    const scaler = KINDS.find(({ group, kind }) => isObject(resource, group, kind));
    if (scaler === undefined) continue;
    const target = nodeAt(resource.properties, "spec.scaleTargetRef");
    const name = stringAt(target, "name");
    const most = nodeAt(resource.properties, scaler.path) ?? scaler.absent;
    if (name === undefined || typeof most !== "number") continue;
    const key = keyOf(objectNamespace(resource), stringAt(target, "kind") ?? DEFAULT_TARGET, name);
    ceilings.set(key, Math.max(most, ceilings.get(key) ?? 0));
  }
  return {
    ceilingOf: (resource) => {
      // Names are not looked for where there is nothing to find.
      if (ceilings.size === 0) return undefined;
      return ceilings.get(
        keyOf(objectNamespace(resource), groupKindOf(resource)?.kind ?? "", objectName(resource) ?? ""),
      );
    },
  };
}

function keyOf(namespace: string | undefined, kind: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}
