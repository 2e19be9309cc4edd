import { arrayAt, childAt, isTreeObject, isUnknown, UNKNOWN, type Tree } from "../../../components/model";
import { allOf, isOneOf, not, type Truth } from "../../engine/truth";

/**
 * Tells whether a label selector matches labels; an empty one matches all, an absent one none.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ v1.36
 */
export function isSelected(labels: Tree, selector: Tree): Truth {
  if (isUnknown(selector)) return UNKNOWN;
  if (!isTreeObject(selector)) return false;
  const [equal, expressions]: Tree[] = [childAt(selector, "matchLabels"), childAt(selector, "matchExpressions")];
  if (isUnknown(equal) || isUnknown(expressions)) return UNKNOWN;
  return allOf([
    ...Object.entries(isTreeObject(equal) ? equal : {}).map(([key, value]) => isOneOf(childAt(labels, key), value)),
    ...arrayAt(selector, "matchExpressions").map((expression) => fits(labels, expression)),
  ]);
}

/** An operator that Kubernetes does not know matches nothing: it refuses the object. */
function fits(labels: Tree, expression: Tree): Truth {
  const [key, operator]: Tree[] = [childAt(expression, "key"), childAt(expression, "operator")];
  if (isUnknown(key) || isUnknown(operator) || isUnknown(childAt(expression, "values"))) return UNKNOWN;
  if (typeof key !== "string") return false;
  const label: Tree = childAt(labels, key);
  const exists = isUnknown(label) ? UNKNOWN : label !== undefined;
  const isIn = isOneOf(label, ...arrayAt(expression, "values"));
  const byOperator = new Map<Tree, Truth>([
    ["In", isIn],
    ["NotIn", not(isIn)],
    ["Exists", exists],
    ["DoesNotExist", not(exists)],
  ]);
  return byOperator.get(operator) ?? false;
}
