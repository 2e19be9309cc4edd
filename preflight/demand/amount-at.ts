import { childAt, isUnknown, UNKNOWN, type Tree, type Unknown } from "../../components/model";
import { amountOf } from "../scheduling/quantities";

/** The amount of a resource at `owner[key]` in the units of `Amounts`; undefined where there is no quantity. */
export function amountAt(owner: Tree, key: string, resource: string): number | Unknown | undefined {
  const value = childAt(owner, key);
  return isUnknown(value) ? UNKNOWN : amountOf(resource, value);
}
