import { isUnknown, UNKNOWN, type Unknown } from "./unknown";

/** Any plain value of a Kubernetes object, with markers where a value is not known yet. */
export type Tree = string | number | boolean | null | undefined | Unknown | Tree[] | TreeObject;

/** A plain object inside a {@link Tree}. */
export interface TreeObject {
  [key: string]: Tree;
}

/** Tells whether a tree node is an object (not an array, not a leaf, not unknown). */
export function isTreeObject(node: Tree): node is TreeObject {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}

/** The object at `node[key]`, or undefined where there is none. */
export function objectAt(node: Tree, key: string): TreeObject | undefined {
  const child = childAt(node, key);
  return isTreeObject(child) ? child : undefined;
}

/** The array at `node[key]`, or an empty one where there is none. */
export function arrayAt(node: Tree, key: string): Tree[] {
  const child = childAt(node, key);
  return Array.isArray(child) ? child : [];
}

/** The items of the array at `node[key]`; one that is not known yet where the array is not. */
export function itemsAt(node: Tree, key: string): Tree[] {
  return isUnknown(childAt(node, key)) ? [UNKNOWN] : arrayAt(node, key);
}

/** The string at `node[key]`, or undefined where there is none. */
export function stringAt(node: Tree, key: string): string | undefined {
  const child = childAt(node, key);
  return typeof child === "string" ? child : undefined;
}

/** Whatever is at `node[key]`; unknown objects have unknown children. */
export function childAt(node: Tree, key: string): Tree {
  if (isUnknown(node)) return node;
  return isTreeObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
}

/** Whatever is at a dotted path such as `spec.template`; the node itself where the path is empty. */
export function nodeAt(node: Tree, path: string): Tree {
  return path === "" ? node : path.split(".").reduce(childAt, node);
}
