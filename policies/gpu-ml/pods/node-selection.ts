import { childAt, isUnknown, pathInPodSet, UNKNOWN, type Tree } from "../../../components/model";
import { anyHolds, conditionOf, type Condition } from "../../engine/conditions";
import type { PodGroup } from "../../engine/pods";
import { allOf, anyOf, isOneOf, type Truth } from "../../engine/truth";
import { requirementsOf, selectorOf, termsOf, type Requirement } from "../node-requirement";

/**
 * Whether some pods run only on nodes that they choose by a label of a kind: in their node selector, or in every
 * alternative of the node affinity that they require.
 */
export function selectsBy(pods: PodGroup, isMeant: (label: string) => boolean): Condition {
  return requires(pods, "spec.nodeSelector", ({ key }) => passes(key, isMeant));
}

/**
 * Whether every node that some pods may run on has a label whose value passes a test; false where they do not choose
 * their nodes by that label.
 */
export function selectsValue(pods: PodGroup, label: string, isMeant: (value: string) => boolean): Condition {
  const path = isUnknown(childAt(pods.spec, "nodeSelector")) ? "spec.nodeSelector" : `spec.nodeSelector["${label}"]`;
  return requires(pods, path, ({ key, operator, values }) =>
    allOf([
      isOneOf(key, label),
      isOneOf(operator, "In"),
      values.length > 0,
      ...values.map((value) => passes(value, isMeant)),
    ]),
  );
}

/** Whether the node selector has a requirement that is meant, or every term of the affinity has one. */
function requires(pods: PodGroup, selectorPath: string, isMeant: (requirement: Requirement) => Truth): Condition {
  const terms = termsOf(pods);
  const areMeant = isUnknown(terms)
    ? UNKNOWN
    : terms.length > 0 && allOf(terms.map((term) => anyOf(requirementsOf(term).map(isMeant))));
  return anyHolds([
    conditionOf(anyOf(selectorOf(pods).map(isMeant)), pathInPodSet(pods, selectorPath)),
    conditionOf(areMeant, pathInPodSet(pods, "spec.affinity")),
  ]);
}

function passes(text: Tree, test: (text: string) => boolean): Truth {
  return isUnknown(text) ? UNKNOWN : typeof text === "string" && test(text);
}
