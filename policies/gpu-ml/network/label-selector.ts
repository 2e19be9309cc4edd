import { arrayAt, childAt, isUnknown, UNKNOWN, type Tree } from "../../../components/model";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { entriesOf } from "../names";

/**
 * Tells whether a label selector selects everything: absent, empty, or without a single requirement.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ "Label selectors", v1.36
 */
export function selectsAll(selector: Tree): Truth {
  return allOf(
    ["matchLabels", "matchExpressions"].map((field) => {
      const requirements = childAt(selector, field);
      if (isUnknown(requirements)) return UNKNOWN;
      return entriesOf(requirements).length === 0 && arrayAt(selector, field).length === 0;
    }),
  );
}

/** Tells whether a label selector selects labels; `mayHave` says which of those that are absent may be added later. */
export function selects(selector: Tree, labels: Tree, mayHave: (key: string) => boolean): Truth {
  const byLabels = childAt(selector, "matchLabels");
  const byExpressions = childAt(selector, "matchExpressions");
  if (isUnknown(byLabels) || isUnknown(byExpressions)) return UNKNOWN;
  const fulfils = (key: string, test: (value: Tree) => Truth): Truth => {
    const value = childAt(labels, key) ?? undefined;
    return value === undefined && mayHave(key) ? true : test(value);
  };
  return allOf([
    ...entriesOf(byLabels).map(([key, value]) => fulfils(key, (label) => isOneOf(label, value))),
    ...arrayAt(selector, "matchExpressions").map((expression) => {
      const key = childAt(expression, "key");
      return typeof key === "string" ? fulfils(key, (label) => meets(label, expression)) : UNKNOWN;
    }),
  ]);
}

/** Requirements that Kubernetes refuses are taken as not known, so that nothing is said of them here. */
function meets(label: Tree, expression: Tree): Truth {
  const exists: Truth = isUnknown(label) ? UNKNOWN : label !== undefined;
  const values = childAt(expression, "values");
  const isIn: Truth = isUnknown(values) ? UNKNOWN : isOneOf(label, ...arrayAt(expression, "values"));
  switch (childAt(expression, "operator")) {
    case "In":
      return isIn;
    case "NotIn":
      return anyOf([not(exists), not(isIn)]);
    case "Exists":
      return exists;
    case "DoesNotExist":
      return not(exists);
    default:
      return UNKNOWN;
  }
}
