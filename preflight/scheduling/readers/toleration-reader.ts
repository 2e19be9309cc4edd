import { isUnknown, TaintEffect } from "../../../components/model";
import type { Toleration } from "../pod";
import { at, isMissing, itemsOf, textOf, type Field } from "./field";

const EVERYTHING: Toleration = { key: "", operator: "Exists", value: "", effect: "" };

/** Taints of nodes in trouble that every pod tolerates for some minutes. */
const TOLERATED_FOR_A_WHILE = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** Reads tolerations. What is not known of one is taken to be as wide as it can be. */
export function readTolerations(field: Field): Toleration[] {
  return isMissing(field) ? [EVERYTHING] : itemsOf(field).map(readToleration);
}

/**
 * The tolerations of a pod with those that the admission plugin DefaultTolerationSeconds adds, which is on by default.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#defaulttolerationseconds (v1.36)
 */
export function withDefaultTolerations(own: readonly Toleration[]): Toleration[] {
  const added = TOLERATED_FOR_A_WHILE.filter((taint) => !own.some((toleration) => speaksOf(taint, toleration)));
  return [
    ...own,
    ...added.map((key): Toleration => ({ key, operator: "Exists", value: "", effect: TaintEffect.noExecute })),
  ];
}

/** Whether the plugin takes a toleration for one of a taint `NoExecute`; it does not look at the value. */
function speaksOf(taint: string, { key, effect }: Toleration): boolean {
  return (key === taint || key === "") && (effect === TaintEffect.noExecute || effect === "");
}

function readToleration(field: Field): Toleration {
  const [key, operator, value, effect] = ["key", "operator", "value", "effect"].map((name) => textOf(at(field, name)));
  const anyValue = isUnknown(key) || isUnknown(operator) || isUnknown(value);
  return {
    key: known(key),
    operator: anyValue ? "Exists" : ((known(operator) || "Equal") as Toleration["operator"]),
    value: known(value),
    effect: known(effect),
  };
}

function known(text: ReturnType<typeof textOf>): string {
  return isUnknown(text) ? "" : (text ?? "");
}
