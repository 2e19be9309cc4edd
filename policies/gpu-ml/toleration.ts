import { childAt, isUnknown, pathInPodSet, UNKNOWN, type Tree } from "../../components/model";
import type { PodGroup } from "../engine/pods";
import { allOf, anyOf, isOneOf, type Truth } from "../engine/truth";

/**
 * Tells whether one of a pod's tolerations matches a taint; a taint without value stands for any value.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ v1.36
 */
export function isTolerated(tolerations: Tree, taint: Tree): Truth {
  if (isUnknown(tolerations)) return UNKNOWN;
  return anyOf(Array.isArray(tolerations) ? tolerations.map((toleration) => tolerates(toleration, taint)) : []);
}

/** The tolerations of some pods with their path from the object's root. */
export function tolerationsOf(pods: PodGroup): { path: string; tolerations: Tree } {
  return { path: pathInPodSet(pods, "spec.tolerations"), tolerations: childAt(pods.spec, "tolerations") };
}

function tolerates(toleration: Tree, taint: Tree): Truth {
  const [key, operator, value, effect] = ["key", "operator", "value", "effect"].map((field) => text(toleration, field));
  const exists = isOneOf(operator, "Exists");
  const hasValue = anyOf([isOneOf(childAt(taint, "value"), undefined), isOneOf(value, childAt(taint, "value"))]);
  return allOf([
    anyOf([isOneOf(effect, ""), isOneOf(effect, childAt(taint, "effect"))]),
    anyOf([
      allOf([isOneOf(key, ""), exists]),
      allOf([isOneOf(key, childAt(taint, "key")), anyOf([exists, allOf([isOneOf(operator, "Equal", ""), hasValue])])]),
    ]),
  ]);
}

/** Kubernetes takes absent, null and empty fields for the same. */
function text(toleration: Tree, field: string): Tree {
  return childAt(toleration, field) ?? "";
}
