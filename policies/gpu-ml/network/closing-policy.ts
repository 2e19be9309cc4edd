import { arrayAt, childAt, isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { selectsAll } from "./label-selector";

/** A direction of traffic, as NetworkPolicies call it. */
export type Direction = "Ingress" | "Egress";

/** A policy that closes a namespace where all of its parts say so. */
export interface Closing {
  policy: Subject;
  /** What each field says, by its path. */
  parts: Record<string, Truth>;
}

/** Kinds of other network plugins that may close a namespace; what they say is not read here. */
const OTHER_POLICIES = [
  "cilium.io/CiliumNetworkPolicy",
  "crd.projectcalico.org/NetworkPolicy",
  "networking.k8s.aws/ApplicationNetworkPolicy",
  "projectcalico.org/NetworkPolicy",
];

/** What decides whether a policy closes a namespace in one direction, each with its path; nothing for other kinds. */
export function closingsOf(policy: Subject, namespace: Tree, direction: Direction): Closing[] {
  const isOther = policy.is(...OTHER_POLICIES);
  if (!isOther && !policy.is("networking.k8s.io/NetworkPolicy")) return [];
  const own = nodeAt(policy.tree, "metadata.namespace") ?? "default";
  const here: Record<string, Truth> = { "metadata.namespace": isOneOf(own, namespace) };
  if (isOther) return [{ policy, parts: here }];
  const spec = childAt(policy.tree, "spec");
  const rules = childAt(spec, direction.toLowerCase());
  const parts: Record<string, Truth> = {
    ...here,
    "spec.podSelector": selectsAll(childAt(spec, "podSelector")),
    "spec.policyTypes": isForDirection(spec, direction, rules),
    [`spec.${direction.toLowerCase()}`]: not(allowsAll(rules)),
  };
  return [{ policy, parts }];
}

/** Without types, a policy is about incoming traffic, and about outgoing traffic where it has rules for it. */
function isForDirection(spec: Tree, direction: Direction, rules: Tree): Truth {
  const types = childAt(spec, "policyTypes");
  if (isUnknown(types)) return UNKNOWN;
  if (Array.isArray(types) && types.length > 0) return anyOf(types.map((type) => isOneOf(type, direction)));
  if (direction === "Ingress") return true;
  return isUnknown(rules) ? UNKNOWN : Array.isArray(rules) && rules.length > 0;
}

function allowsAll(rules: Tree): Truth {
  if (isUnknown(rules)) return UNKNOWN;
  return anyOf(arrayAt({ rules }, "rules").map(isEmptyRule));
}

/** An empty list of peers or ports stands for all of them, as an absent one does. */
function isEmptyRule(rule: Tree): Truth {
  return allOf(
    ["from", "to", "ports"].map((field) => {
      const restriction = childAt(rule, field);
      return isUnknown(restriction) ? UNKNOWN : arrayAt(rule, field).length === 0;
    }),
  );
}
