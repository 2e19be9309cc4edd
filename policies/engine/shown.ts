import { isUnknown, type Tree } from "../../components/model";

/**
 * How messages show what was found where a single value belongs. Of lists and objects only that they are there: somebody
 * may have put anything into them, a password too.
 */
export function shown(value: Tree): string {
  if (value === undefined) return "absent";
  if (isUnknown(value)) return "not known yet";
  if (Array.isArray(value)) return "a list";
  // JSON has no infinity.
  if (typeof value === "number") return String(value);
  return typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
}
