import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  pathInPodSet,
  UNKNOWN,
  type Tree,
} from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import { allOf, anyOf, type Truth } from "../../engine/truth";
import type { Condition } from "./conditions";

const TERMS = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

/**
 * Whether some pods run only on nodes that they choose by a label of a kind: in their node selector, or in every
 * alternative of the node affinity that they require.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ v1.36
 */
export function selectsBy(pods: PodGroup, isMeant: (label: string) => boolean): Condition {
  const selector = childAt(pods.spec, "nodeSelector");
  const terms = nodeAt(pods.spec, TERMS);
  const selected: Truth = isUnknown(selector) ? UNKNOWN : isTreeObject(selector) && Object.keys(selector).some(isMeant);
  const required = allTerms(terms, (term) => anyOf(requirementsOf(term).map((one) => keyIs(one, isMeant))));
  return {
    holds: anyOf([selected, required]),
    unknownAt: [
      ...(isUnknown(selected) ? [pathInPodSet(pods, "spec.nodeSelector")] : []),
      ...(isUnknown(required) ? [pathInPodSet(pods, "spec.affinity")] : []),
    ],
  };
}

/**
 * Whether every node that some pods may run on has a label whose value passes a test; false where they do not choose
 * their nodes by that label.
 */
export function selectsValue(pods: PodGroup, label: string, passes: (value: string) => boolean): Condition {
  const selector = childAt(pods.spec, "nodeSelector");
  const given: Tree = childAt(selector, label);
  const selected: Truth = isUnknown(given) ? UNKNOWN : typeof given === "string" && passes(given);
  const required = allTerms(nodeAt(pods.spec, TERMS), (term) =>
    anyOf(
      requirementsOf(term).map((one) =>
        allOf([
          keyIs(one, (key) => key === label),
          isIn(childAt(one, "operator")),
          allPass(childAt(one, "values"), passes),
        ]),
      ),
    ),
  );
  const selectorPath = isUnknown(selector) ? "spec.nodeSelector" : `spec.nodeSelector["${label}"]`;
  return {
    holds: anyOf([selected, required]),
    unknownAt: [
      ...(isUnknown(selected) ? [pathInPodSet(pods, selectorPath)] : []),
      ...(isUnknown(required) ? [pathInPodSet(pods, "spec.affinity")] : []),
    ],
  };
}

/** Alternatives of which there are none, or that are no list, choose nothing. */
function allTerms(terms: Tree, holds: (term: Tree) => Truth): Truth {
  if (isUnknown(terms)) return UNKNOWN;
  return (
    Array.isArray(terms) && terms.length > 0 && allOf(terms.map((term) => (isUnknown(term) ? UNKNOWN : holds(term))))
  );
}

function requirementsOf(term: Tree): Tree[] {
  const list = childAt(term, "matchExpressions");
  return isUnknown(list) ? [UNKNOWN] : arrayAt(term, "matchExpressions");
}

function keyIs(requirement: Tree, isMeant: (label: string) => boolean): Truth {
  const key = childAt(requirement, "key");
  return isUnknown(key) ? UNKNOWN : typeof key === "string" && isMeant(key);
}

function isIn(operator: Tree): Truth {
  return isUnknown(operator) ? UNKNOWN : operator === "In";
}

function allPass(values: Tree, passes: (value: string) => boolean): Truth {
  if (isUnknown(values)) return UNKNOWN;
  if (!Array.isArray(values)) return false;
  return allOf(values.map((value) => (isUnknown(value) ? UNKNOWN : typeof value === "string" && passes(value))));
}
