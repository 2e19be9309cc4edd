import { isUnknown, nodeAt, stringAt, UNKNOWN, type Tree, type Unknown } from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { groupKindOf, isObject, objectName, objectNamespace, type StackIndex } from "../pools/stack-index";

/** How far autoscalers of a stack raise and lower the number of pods. */
export interface Autoscalers {
  /** The most pods of an object; undefined where no autoscaler of the stack is about it. */
  ceilingOf: (resource: PlannedResource) => number | undefined;
  /** The fewest pods of an object that nobody needs; undefined where no autoscaler says so. */
  floorOf: (resource: PlannedResource) => number | Unknown | undefined;
}

/**
 * Kinds of autoscalers, where each says how many pods there may be and how few, and how many where it does not. Of several
 * places for the fewest the first counts that says any: KEDA goes below its minimum where nothing at all is to be done.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/ (v1.36)
 * @see https://keda.sh/docs/2.20/reference/scaledobject-spec/
 */
const KINDS = [
  {
    group: "autoscaling",
    kind: "HorizontalPodAutoscaler",
    most: { path: "spec.maxReplicas", absent: undefined },
    least: { paths: ["spec.minReplicas"], absent: 1 },
  },
  {
    group: "keda.sh",
    kind: "ScaledObject",
    most: { path: "spec.maxReplicaCount", absent: 100 },
    least: { paths: ["spec.idleReplicaCount", "spec.minReplicaCount"], absent: 0 },
  },
  {
    group: "http.keda.sh",
    kind: "HTTPScaledObject",
    most: { path: "spec.replicas.max", absent: 100 },
    least: { paths: ["spec.replicas.min"], absent: 0 },
  },
];

/** Kind of the target of an autoscaler that names none. */
const DEFAULT_TARGET = "Deployment";

/** Collects the autoscalers of a stack; of several for one object, the one that asks for most counts. */
export function autoscalersOf(stack: StackIndex): Autoscalers {
  const ceilings = new Map<string, number>();
  const floors = new Map<string, number | Unknown>();
  for (const resource of stack.resources) {
    const scaler = KINDS.find(({ group, kind }) => isObject(resource, group, kind));
    if (scaler === undefined) continue;
    const { properties } = resource;
    const target = nodeAt(properties, "spec.scaleTargetRef");
    const name = stringAt(target, "name");
    const key = keyOf(objectNamespace(resource), stringAt(target, "kind") ?? DEFAULT_TARGET, name);
    const most = nodeAt(properties, scaler.most.path) ?? scaler.most.absent;
    if (typeof most === "number") ceilings.set(key, Math.max(most, ceilings.get(key) ?? 0));
    const told = scaler.least.paths.map((path) => nodeAt(properties, path) ?? undefined);
    const least = told.find((value) => value !== undefined) ?? scaler.least.absent;
    const floor = higher(least, floors.get(key));
    if (floor !== undefined) floors.set(key, floor);
  }
  const of = <T>(bounds: ReadonlyMap<string, T>, resource: PlannedResource): T | undefined => {
    // Names are not looked for where there is nothing to find.
    if (bounds.size === 0) return undefined;
    return bounds.get(keyOf(objectNamespace(resource), groupKindOf(resource)?.kind ?? "", objectName(resource) ?? ""));
  };
  return { ceilingOf: (resource) => of(ceilings, resource), floorOf: (resource) => of(floors, resource) };
}

/** The higher of two numbers of pods; what is none is left out. */
function higher(least: Tree, other: number | Unknown | undefined): number | Unknown | undefined {
  if (isUnknown(least) || isUnknown(other)) return UNKNOWN;
  return typeof least === "number" && least >= 0 ? Math.max(least, other ?? 0) : other;
}

function keyOf(namespace: string | undefined, kind: string, name: string | undefined): string {
  return `${kind} ${namespace}/${name}`;
}
