import {
  gpuInstanceType,
  isUnknown,
  objectAt,
  poolShapeOf,
  UNKNOWN,
  type Told,
  type ToldPoolShape,
  type Tree,
} from "../../components/model";
import type { Subject } from "../engine/subject";
import { anyOf, type Truth } from "../engine/truth";
import { withValue } from "./taint";

/** What a resource of the program says of the node pool that it makes or belongs to. */
export interface DeclaredPool {
  /** Undefined where the nodes belong to no named pool. */
  name: string | undefined;
  hasGpus: Truth;
  /** Taints of the pool's nodes in Kubernetes spelling; unknown where the list is. */
  taints: Tree;
  /** Path of the taints inside the resource. */
  taintsPath: string;
  /** How the author of the resource taints its nodes. */
  taintRemedy: string;
}

/** Where authors write the taints of a pool, and how. */
interface TaintSpelling {
  path: (subject: Subject) => string;
  remedy: string;
}

const KUBERNETES_REMEDY = 'Add { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }.';
const EKS_REMEDY = 'Add { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }.';

const TAINT_SPELLINGS = new Map<string, TaintSpelling>([
  ["kubernetes:core/v1:Node", { path: () => "spec.taints", remedy: KUBERNETES_REMEDY }],
  ["kubernetes:karpenter.sh/v1:NodePool", { path: () => "spec.template.spec.taints", remedy: KUBERNETES_REMEDY }],
  ["aws:eks/nodeGroup:NodeGroup", { path: () => "taints", remedy: EKS_REMEDY }],
  ["mlstack:index:GpuNodePool", { path: componentTaintsPath, remedy: "Leave gpuTaint on." }],
]);

/** Reads the pool that a resource declares; undefined where it declares none. */
export function declaredPoolOf(subject: Subject): DeclaredPool | undefined {
  const spelling = TAINT_SPELLINGS.get(subject.type);
  const shape = poolShapeOf({ type: subject.type, properties: subject.tree });
  if (spelling === undefined || shape === undefined) return undefined;
  const { name, taints } = shape;
  return {
    name: isUnknown(name) ? undefined : name,
    hasGpus: hasGpus(shape),
    taints: taintsTree(taints),
    taintsPath: spelling.path(subject),
    taintRemedy: spelling.remedy,
  };
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
