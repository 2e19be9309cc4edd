import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  UNKNOWN,
  type Tree,
  type Unknown,
} from "../../components/model";
import type { PodGroup } from "../engine/pods";

/** One thing that pods ask of the labels of their node. */
export interface Requirement {
  key: Tree;
  operator: Tree;
  values: Tree[];
}

/** Where the spec of pods holds the node affinity that they require. */
export const NODE_AFFINITY = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";

const NOT_KNOWN: Requirement = { key: UNKNOWN, operator: UNKNOWN, values: [UNKNOWN] };

/**
 * What the node selector of some pods asks, all of which a node must meet.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ v1.36
 */
export function selectorOf({ spec }: PodGroup): Requirement[] {
  const selector: Tree = childAt(spec, "nodeSelector");
  if (isUnknown(selector)) return [{ ...NOT_KNOWN, operator: "In" }];
  if (!isTreeObject(selector)) return [];
  return Object.entries(selector).map(([key, value]) => ({ key, operator: "In", values: [value] }));
}

/** The terms of the node affinity that some pods require, of which a node must meet one. */
export function termsOf({ spec }: PodGroup): Tree[] | Unknown {
  const terms = nodeAt(spec, `${NODE_AFFINITY}.nodeSelectorTerms`);
  if (isUnknown(terms)) return UNKNOWN;
  return Array.isArray(terms) ? terms : [];
}

/** What a term asks, all of which a node must meet. */
export function requirementsOf(term: Tree): Requirement[] {
  if (isUnknown(childAt(term, "matchExpressions"))) return [NOT_KNOWN];
  return arrayAt(term, "matchExpressions").map((expression) => {
    const values = childAt(expression, "values");
    return {
      key: childAt(expression, "key"),
      operator: childAt(expression, "operator"),
      values: isUnknown(values) ? [UNKNOWN] : arrayAt(expression, "values"),
    };
  });
}
