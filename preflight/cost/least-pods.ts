import { childAt, isUnknown, type Tree } from "../../components/model";
import type { DemandedPodSet, Workload } from "../demand/workload";

/** Replicas to which each kind of autoscaled service is lowered where it does not say. */
const LEAST_BY_DEFAULT: readonly (readonly [pattern: RegExp, replicas: number])[] = [
  /** @see https://docs.ray.io/en/latest/cluster/kubernetes/user-guides/configuring-autoscaling.html */
  [/\bworkerGroupSpecs\b/, 0],
  /** @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/component.go */
  [/(?:)/, 1],
];

/**
 * Pods of a set that are there even where nobody needs them: all of them, or where an autoscaler lowers them or the object says
 * how far its own may raise them (`minReplicas`, `maxReplicas`), those of the fewest replicas. Undefined where that is not known.
 */
export function leastPods({ resource }: Workload, { podSet, count, leastCount }: DemandedPodSet): number | undefined {
  const scaling = scalingOf(resource.properties, podSet.path);
  if (count === undefined || isUnknown(leastCount)) return undefined;
  if (leastCount !== undefined) return Math.min(leastCount, count);
  const upper = childAt(scaling, "maxReplicas");
  const lower = childAt(scaling, "minReplicas") ?? LEAST_BY_DEFAULT.find(([pattern]) => pattern.test(podSet.path))![1];
  if (isUnknown(upper) || isUnknown(lower)) return undefined;
  const [least, most] = [Number(lower), Math.max(Number(lower), Number(upper))];
  return least >= 0 && most > 0 ? Math.ceil((count * least) / most) : count;
}

/** The nearest object around a pod template that says how far it may be scaled, if it is. */
function scalingOf(object: Tree, path: string): Tree {
  const around: string[] = path.split("#")[0]!.match(/[^.[\]]+/g) ?? [];
  const owners: Tree[] = [object];
  for (const key of around) owners.unshift(childOf(owners[0], key));
  // Ray raises workers only where this is on; otherwise there are as many as `replicas` says.
  const isRay = around.includes("workerGroupSpecs");
  if (isRay && !owners.some((owner) => childAt(owner, "enableInTreeAutoscaling") === true)) return undefined;
  const candidates: Tree[] = [];
  for (const owner of owners) candidates.push(owner, childAt(owner, "scaling"));
  return candidates.find(isScaled);
}

function childOf(node: Tree, key: string): Tree {
  return Array.isArray(node) ? node[Number(key)] : childAt(node, key);
}

function isScaled(node: Tree): boolean {
  const upper = childAt(node, "maxReplicas");
  return upper !== undefined && upper !== null && !isUnknown(node);
}
