import { childAt, isUnknown, itemsAt, nodeAt, UNKNOWN, type Tree, type TreeObject } from "../../../../components/model";
import type { PodGroup } from "../../../engine/pods";
import type { Subject } from "../../../engine/subject";
import { allOf, anyOf, not, type Truth } from "../../../engine/truth";
import { repels, withValue } from "../../taint";
import { isTolerated } from "../../toleration";
import { madePools, type PossiblePool } from "./layer-end";
import type { StackPool, StackPools } from "../../stack/node-labels";
import { isSelected } from "../../stack/node-selection";

/** Where a ResourceFlavor says which nodes it stands for. */
export const NODE_LABELS = "spec.nodeLabels";

/** Where a ResourceFlavor says what admitted pods tolerate. */
export const TOLERATIONS = "spec.tolerations";

/** The ResourceFlavors of a stack. */
export function flavorsOf(subjects: readonly Subject[]): Subject[] {
  return subjects.filter((subject) => subject.is("kueue.x-k8s.io/ResourceFlavor"));
}

/** Whether a flavor says anything of the labels of its nodes. */
export function selectsByLabels({ tree }: Subject): boolean {
  return selectorOf(tree) !== undefined;
}

/**
 * Pools whose nodes a flavor stands for, or may stand for, each with which of these.
 *
 * @param pools those that are asked for; by default all that make nodes.
 */
export function poolsOf(flavor: Subject, stack: StackPools, pools: StackPool[] = madePools(stack)): PossiblePool[] {
  const pods = podsOf(flavor);
  return pools
    .map((pool): PossiblePool => ({ pool, truth: isSelected(pods, pool, stack) }))
    .filter(({ truth }) => truth !== false);
}

/** Pools that make nodes and that no flavor stands for, so that no queue brings work to them. */
export function unqueuedPools(subjects: readonly Subject[], stack: StackPools): StackPool[] {
  const queued = new Set(flavorsOf(subjects).flatMap((flavor) => poolsOf(flavor, stack).map(({ pool }) => pool)));
  return madePools(stack).filter((pool) => !queued.has(pool));
}

/**
 * Whether pods that are admitted to a flavor are kept off nodes with a taint, and Kueue does not know: neither does the
 * flavor give them a toleration, nor list the taint for Kueue to ask the pods.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/resource_flavor/ v0.19
 */
export function isForgotten({ tree }: Subject, told: Tree): Truth {
  const spec = childAt(tree, "spec");
  const taint = withValue(told);
  const isListed = anyOf(itemsAt(spec, "nodeTaints").map((each) => isSame(each, taint)));
  return allOf([repels(taint), not(isTolerated(childAt(spec, "tolerations"), taint)), not(isListed)]);
}

/** The taints of a pool; one that is not known yet where the list is not. */
export function taintsOf({ shape: { taints = [] } }: StackPool): Tree[] {
  return isUnknown(taints) ? [UNKNOWN] : taints.map((taint) => (isUnknown(taint) ? UNKNOWN : { ...taint }));
}

function isSame(listed: Tree, taint: Tree): Truth {
  const given = withValue(listed);
  return allOf(["key", "value", "effect"].map((field) => isEqual(childAt(given, field), childAt(taint, field))));
}

function isEqual(a: Tree, b: Tree): Truth {
  return isUnknown(a) || isUnknown(b) ? UNKNOWN : a === b;
}

function selectorOf(tree: Tree): Tree {
  const labels = nodeAt(tree, NODE_LABELS);
  const isEmpty = typeof labels === "object" && labels !== null && Object.keys(labels).length === 0;
  return labels === null || isEmpty ? undefined : labels;
}

/** A flavor selects nodes as pods do by their node selector. */
function podsOf({ tree }: Subject): PodGroup {
  const spec: TreeObject = { nodeSelector: selectorOf(tree) };
  return { path: "spec", count: undefined, minCount: 1, template: { metadata: {}, spec }, spec };
}
