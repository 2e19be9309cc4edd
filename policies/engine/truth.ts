import { isUnknown, UNKNOWN, type Tree, type Unknown } from "../../components/model";

/** The outcome of a test on values that may not be known yet. */
export type Truth = boolean | Unknown;

/** True when every part is; false as soon as one part is false, however unknown the others are. */
export function allOf(parts: Truth[]): Truth {
  if (parts.includes(false)) return false;
  return parts.includes(UNKNOWN) ? UNKNOWN : true;
}

/** True as soon as one part is, however unknown the others are; false when every part is false. */
export function anyOf(parts: Truth[]): Truth {
  if (parts.includes(true)) return true;
  return parts.includes(UNKNOWN) ? UNKNOWN : false;
}

/** The opposite; of the unknown, the unknown. */
export function not(truth: Truth): Truth {
  return isUnknown(truth) ? UNKNOWN : !truth;
}

/** Tells whether a leaf has one of the given values. */
export function isOneOf(leaf: Tree, ...values: Tree[]): Truth {
  return anyOf(values.map((value) => (isUnknown(leaf) || isUnknown(value) ? UNKNOWN : leaf === value)));
}

/** Tells whether a field is given nothing. */
export function isAbsent(leaf: Tree): Truth {
  return isOneOf(leaf ?? undefined, undefined);
}
