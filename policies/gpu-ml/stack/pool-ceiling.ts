import {
  childAt,
  generalInstanceType,
  gpuInstanceType,
  isUnknown,
  stringAt,
  UNKNOWN,
  type Told,
  type ToldPoolShape,
  type Unknown,
} from "../../../components/model";
import type { Subject } from "../../engine/subject";
import type { StackPool } from "./node-labels";

/** A number that is not known yet, or infinite where nothing bounds it. */
export type Ceiling = number | Unknown;

const NODE = "kubernetes:core/v1:Node";

/** Resources that may set up how GPUs are shared, and the words by which they do. */
const SHARING_TYPES = /^kubernetes:(core\/v1:ConfigMap|helm\.sh\/v[34]:(Release|Chart))$/;
const SHARING = /time-?slicing|"mps"|\bmps:/i;

/** Whole GPUs of the largest machine that a pool may have; infinite where nothing is known of its machines. */
export function gpusOfNode({ instanceTypes, gpusPerNode, gpuResource }: ToldPoolShape): Ceiling {
  if (isUnknown(instanceTypes)) return UNKNOWN;
  if (instanceTypes === undefined) {
    if (gpusPerNode !== undefined) return gpusPerNode;
    return isUnknown(gpuResource) ? UNKNOWN : Infinity;
  }
  if (instanceTypes.length === 0) return Infinity;
  return largest(instanceTypes.map((type) => (isUnknown(type) ? UNKNOWN : gpusOfType(type))));
}

/**
 * Whole GPUs of some pools when each is as large as it may become.
 *
 * Several resources may declare a pool of one name: node groups of several zones add up, while a component and the node
 * group that it makes are the same.
 */
export function gpuCeiling(pools: readonly StackPool[]): Ceiling {
  const sums = new Map<string, Map<string, Ceiling>>();
  for (const pool of pools) {
    const { name } = pool.shape;
    const key = typeof name === "string" ? `name ${name}` : `urn ${pool.subject.urn}`;
    const byType = sums.get(key) ?? new Map<string, Ceiling>();
    sums.set(key, byType.set(pool.subject.type, add(byType.get(pool.subject.type) ?? 0, ceilingOf(pool))));
  }
  return [...sums.values()].map((byType) => largest([...byType.values()])).reduce(add, 0);
}

/** Whether a resource may make a device plugin offer a GPU several times, so that machines tell no ceiling. */
export function sharesGpus({ type, tree }: Subject): boolean {
  if (type === "aws:ec2/launchTemplate:LaunchTemplate") {
    const userData = stringAt(tree, "userData") ?? "";
    return SHARING.test(Buffer.from(userData, "base64").toString());
  }
  if (!SHARING_TYPES.test(type)) return false;
  const content = [childAt(tree, "data"), childAt(tree, "values")].map((part) => (isUnknown(part) ? {} : part));
  return SHARING.test(JSON.stringify(content));
}

function ceilingOf({ shape, subject, times }: StackPool): Ceiling {
  const gpus = gpusOfNode(shape);
  const nodes = subject.type === NODE ? times : (shape.maxNodes ?? Infinity);
  if (gpus === 0 || nodes === 0) return 0;
  return isUnknown(gpus) || isUnknown(nodes) ? UNKNOWN : gpus * nodes;
}

function gpusOfType(type: string): number {
  return gpuInstanceType(type)?.gpuCount ?? (generalInstanceType(type) === undefined ? Infinity : 0);
}

function largest(ceilings: readonly Told<number>[]): Ceiling {
  if (ceilings.includes(Infinity)) return Infinity;
  return ceilings.some(isUnknown) ? UNKNOWN : Math.max(0, ...ceilings.map(Number));
}

/** What is not bounded stays so whatever is added, known or not. */
function add(a: Ceiling, b: Ceiling): Ceiling {
  if (a === Infinity || b === Infinity) return Infinity;
  return isUnknown(a) || isUnknown(b) ? UNKNOWN : a + b;
}
