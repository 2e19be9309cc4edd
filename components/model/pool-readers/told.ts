import type { PoolShape } from "../pool-shape";
import type { Taint } from "../taint";
import { childAt, isTreeObject, type Tree } from "../tree";
import { isUnknown, UNKNOWN, type Unknown } from "../unknown";

/** A value of type `T` in which any part may not be known yet. */
export type Told<T> = T extends object ? { [Key in keyof T]: Told<T[Key]> } | Unknown : T | Unknown;

/**
 * A `PoolShape` as far as an object tells it: a property is missing where the object says nothing of it, and unknown where
 * its value is not known yet.
 */
export type ToldPoolShape = { [Property in keyof PoolShape]?: Told<PoolShape[Property]> };

/** What a leaf says; undefined where it is absent or of another type than a string. */
export function toldString(leaf: Tree): Told<string> | undefined {
  return typeof leaf === "string" || isUnknown(leaf) ? leaf : undefined;
}

/** What a leaf says; undefined where it is absent or of another type than a number. */
export function toldNumber(leaf: Tree): Told<number> | undefined {
  return typeof leaf === "number" || isUnknown(leaf) ? leaf : undefined;
}

/** The strings of a list, and markers for those not known yet; undefined where there is no list. */
export function toldStrings(list: Tree): Told<string[]> | undefined {
  if (isUnknown(list)) return UNKNOWN;
  return Array.isArray(list) ? list.flatMap((leaf: Tree) => toldString(leaf) ?? []) : undefined;
}

/** What a leaf says, as a list of one; undefined where it says nothing. */
export function toldAsList(leaf: Tree): Told<string[]> | undefined {
  const said = toldString(leaf);
  return said === undefined ? undefined : [said];
}

/** The largest of the numbers that are said; of a machine's disks, that is the one for images and `emptyDir`. */
export function largest(numbers: (Told<number> | undefined)[]): Told<number> | undefined {
  if (numbers.some(isUnknown)) return UNKNOWN;
  const known = numbers.filter((each) => typeof each === "number");
  return known.length === 0 ? undefined : Math.max(...known);
}

/** The string entries of an object, such as labels; undefined where there is no object. */
export function toldRecord(node: Tree): Told<Record<string, string>> | undefined {
  if (isUnknown(node)) return UNKNOWN;
  if (!isTreeObject(node)) return undefined;
  const entries = Object.entries(node).map(([key, leaf]: [string, Tree]) => [key, toldString(leaf)] as const);
  return Object.fromEntries(entries.flatMap(([key, leaf]) => (leaf === undefined ? [] : [[key, leaf]])));
}

/** The taints of a list in Kubernetes spelling; none where there is no list. */
export function toldTaints(list: Tree, effectOf: (spelt: string) => string = (spelt) => spelt): Told<Taint[]> {
  if (isUnknown(list)) return UNKNOWN;
  return Array.isArray(list) ? list.flatMap((taint: Tree) => toldTaint(taint, effectOf) ?? []) : [];
}

function toldTaint(taint: Tree, effectOf: (spelt: string) => string): Told<Taint> | undefined {
  if (isUnknown(taint)) return UNKNOWN;
  if (!isTreeObject(taint)) return undefined;
  const [key, value, effect] = ["key", "value", "effect"].map((field) => toldString(childAt(taint, field)));
  return {
    key: key ?? "",
    ...(value === undefined || value === "" ? {} : { value }),
    effect: (isUnknown(effect) ? UNKNOWN : effectOf(effect ?? "")) as Told<Taint["effect"]>,
  };
}

/** A {@link ToldPoolShape} before what is not said is left out. */
export type SaidPoolShape = { [Property in keyof ToldPoolShape]: ToldPoolShape[Property] | undefined };

/** A copy without the properties of which nothing is said. */
export function told(shape: SaidPoolShape): ToldPoolShape {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined));
}
