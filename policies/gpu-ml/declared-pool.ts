import {
  childAt,
  GPU_PRESENT_LABEL,
  GPU_RESOURCE,
  gpuInstanceType,
  isTreeObject,
  isUnknown,
  objectAt,
  POOL_LABEL,
  stringAt,
  UNKNOWN,
  type Tree,
  type TreeObject,
} from "../../components/model";
import type { Subject } from "../engine/subject";
import { anyOf, type Truth } from "../engine/truth";
import { isGpuResource, isNonZero } from "./gpu-resource";
import { inKubernetesSpelling } from "./taint";

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

/** How each type of resource spells a pool. */
const READERS = new Map<string, (subject: Subject) => DeclaredPool>(
  Object.entries({
    "kubernetes:core/v1:Node": ({ tree }) => ({
      name: stringAt(objectAt(objectAt(tree, "metadata"), "labels"), POOL_LABEL),
      hasGpus: anyOf([
        isLabelledAsGpuNode(tree),
        ...["capacity", "allocatable"].map((side) => offersGpus(childAt(childAt(tree, "status"), side))),
      ]),
      taints: taintsOf(childAt(childAt(tree, "spec"), "taints")),
      taintsPath: "spec.taints",
      taintRemedy: 'Add { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }.',
    }),
    "mlstack:index:GpuNodePool": ({ tree }) => ({
      name: stringAt(objectAt(tree, "shape"), "name"),
      hasGpus: true,
      ...componentTaints(tree),
      taintRemedy: "Leave gpuTaint on.",
    }),
    "aws:eks/nodeGroup:NodeGroup": ({ tree }) => ({
      name: stringAt(objectAt(tree, "labels"), POOL_LABEL),
      hasGpus: anyOf([isGpuImage(childAt(tree, "amiType")), hasGpuInstanceType(childAt(tree, "instanceTypes"))]),
      taints: taintsOf(childAt(tree, "taints")),
      taintsPath: "taints",
      taintRemedy: 'Add { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }.',
    }),
  }),
);

/** Reads the pool that a resource declares; undefined where it declares none. */
export function declaredPoolOf(subject: Subject): DeclaredPool | undefined {
  return READERS.get(subject.type)?.(subject);
}

/** Arguments list the taints beside the GPU taint, which is on by default; outputs have all of them in the shape. */
function componentTaints(tree: TreeObject): Pick<DeclaredPool, "taints" | "taintsPath"> {
  const shape = objectAt(tree, "shape");
  if (shape !== undefined) return { taints: taintsOf(childAt(shape, "taints")), taintsPath: "shape.taints" };
  const gpuTaint = { key: GPU_RESOURCE, value: "present", effect: "NoSchedule" };
  const own = taintsOf(childAt(tree, "taints"));
  const hasGpuTaint = childAt(tree, "gpuTaint") !== false;
  return { taints: Array.isArray(own) && hasGpuTaint ? [gpuTaint, ...own] : own, taintsPath: "taints" };
}

function taintsOf(taints: Tree): Tree {
  return isUnknown(taints) ? UNKNOWN : elementsOf(taints).map(inKubernetesSpelling);
}

/** A Node that is created has no status yet; the label is what device plugins look for. */
function isLabelledAsGpuNode(node: Tree): Truth {
  const label = childAt(childAt(childAt(node, "metadata"), "labels"), GPU_PRESENT_LABEL);
  return isUnknown(label) ? UNKNOWN : label === "true";
}

function offersGpus(resources: Tree): Truth {
  if (isUnknown(resources)) return UNKNOWN;
  if (!isTreeObject(resources)) return false;
  const gpus: [string, Tree][] = Object.entries(resources).filter(([name]) => isGpuResource(name));
  return anyOf(gpus.map(([, amount]) => isNonZero(amount)));
}

/** AMI types with NVIDIA drivers end so. @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html */
function isGpuImage(amiType: Tree): Truth {
  if (isUnknown(amiType)) return UNKNOWN;
  return typeof amiType === "string" && /_(NVIDIA|GPU)$/.test(amiType);
}

function hasGpuInstanceType(instanceTypes: Tree): Truth {
  if (isUnknown(instanceTypes)) return UNKNOWN;
  return anyOf(
    elementsOf(instanceTypes).map((type: Tree) => {
      if (isUnknown(type)) return UNKNOWN;
      return typeof type === "string" && gpuInstanceType(type) !== undefined;
    }),
  );
}

function elementsOf(list: Tree): Tree[] {
  return Array.isArray(list) ? list : [];
}
