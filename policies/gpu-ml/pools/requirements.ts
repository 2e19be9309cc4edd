import { arrayAt, childAt, isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import type { Subject } from "../../engine/subject";
import { anyOf, type Truth } from "../../engine/truth";
import { declaredPoolOf } from "../declared-pool";

/** Where a NodePool says which machines it takes. */
export const REQUIREMENTS = "spec.template.spec.requirements";

/** Unknown where a requirement of a NodePool may turn out to be about anything; false where each says what it is about. */
export function mayRequireMore(pool: Tree): Truth {
  const requirements = arrayAt(nodeAt(pool, "spec.template.spec"), "requirements");
  const parts = requirements.flatMap((each) => [childAt(each, "key"), childAt(each, "operator")]);
  return parts.some(isUnknown) ? UNKNOWN : false;
}

/** Tells whether the nodes of a pool have GPUs; false for what is no pool. */
export function poolHasGpus(subject: Subject): Truth {
  return anyOf([declaredPoolOf(subject)?.hasGpus ?? false, mayRequireMore(subject.tree)]);
}
