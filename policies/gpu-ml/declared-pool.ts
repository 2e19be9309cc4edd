import {
  gpuInstanceType,
  isUnknown,
  objectAt,
  poolShapeOf,
  UNKNOWN,
  type Told,
  type ToldPoolShape,
  type Tree,
  type TreeObject,
} from "../../components/model";
import type { Subject } from "../engine/subject";
import { anyOf, type Truth } from "../engine/truth";
import { withValue } from "./taint";

/** What a resource of the program says of the node pool that it makes or belongs to. */
export interface DeclaredPool {
  hasGpus: Truth;
  /** Taints of the pool's nodes in Kubernetes spelling; unknown where the list is. */
  taints: Tree;
  /** Path of the taints inside the resource. */
  taintsPath: string;
  /** How the author of the resource taints its nodes. */
  taintRemedy: string;
  /** The taint that GPU nodes get, as the author of the resource spells it; absent where an argument decides it. */
  gpuTaint?: TreeObject;
}

/** Where authors write the taints of a pool, and how. */
interface TaintSpelling {
  path: (subject: Subject) => string;
  /** What the pool spells the effect that keeps pods off; absent where an argument of ours sets the taint. */
  effect?: string;
}

const TAINT_SPELLINGS = new Map<string, TaintSpelling>([
  ["kubernetes:core/v1:Node", { path: () => "spec.taints", effect: "NoSchedule" }],
  ["kubernetes:karpenter.sh/v1:NodePool", { path: () => "spec.template.spec.taints", effect: "NoSchedule" }],
  ["aws:eks/nodeGroup:NodeGroup", { path: () => "taints", effect: "NO_SCHEDULE" }],
  ["mlstack:index:GpuNodePool", { path: componentTaintsPath }],
]);

/** Reads the pool that a resource declares; undefined where it declares none. */
export function declaredPoolOf(subject: Subject): DeclaredPool | undefined {
  const spelling = TAINT_SPELLINGS.get(subject.type);
  const shape = poolShapeOf({ type: subject.type, properties: subject.tree });
  if (spelling === undefined || shape === undefined) return undefined;
  return {
    hasGpus: hasGpus(shape),
    taints: taintsTree(shape.taints),
    taintsPath: spelling.path(subject),
    ...gpuTaintOf(spelling),
  };
}

function gpuTaintOf({ effect }: TaintSpelling): Pick<DeclaredPool, "taintRemedy" | "gpuTaint"> {
  if (effect === undefined) return { taintRemedy: "Leave gpuTaint on." };
  const gpuTaint = { key: "nvidia.com/gpu", value: "present", effect };
  return { taintRemedy: `Add { key: "nvidia.com/gpu", value: "present", effect: "${effect}" }.`, gpuTaint };
}

/** Taints without a value have an empty one, as rules compare them. */
function taintsTree(taints: ToldPoolShape["taints"]): Tree {
  if (taints === undefined || isUnknown(taints)) return UNKNOWN;
  return taints.map((taint) => withValue(isUnknown(taint) ? UNKNOWN : { ...taint }));
}

/** Machines with a fraction of a GPU count as well, though they offer no whole one. */
function hasGpus({ gpuResource, instanceTypes = [] }: ToldPoolShape): Truth {
  const types: Told<string>[] = isUnknown(instanceTypes) ? [UNKNOWN] : instanceTypes;
  return anyOf([
    isUnknown(gpuResource) ? UNKNOWN : gpuResource !== undefined,
    ...types.map((type) => (isUnknown(type) ? UNKNOWN : gpuInstanceType(type) !== undefined)),
  ]);
}

/** Outputs have all taints in the shape; arguments list them beside the GPU taint. */
function componentTaintsPath({ tree }: Subject): string {
  return objectAt(tree, "shape") === undefined ? "taints" : "shape.taints";
}
