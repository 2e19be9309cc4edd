import { isTreeObject, type Tree } from "../../components/model";

/** Steps from the root of a tree to one of its leaves. */
export type LeafPath = (string | number)[];

/** The paths of all leaves of a tree; an empty list or object is one. */
export function leafPathsOf(node: Tree, at: LeafPath = []): LeafPath[] {
  const entries = Array.isArray(node) ? [...node.entries()] : isTreeObject(node) ? Object.entries(node) : [];
  if (entries.length === 0) return [at];
  return entries.flatMap(([key, child]) => leafPathsOf(child, [...at, key]));
}

/** A tree with another value at a path. */
export function withLeaf(node: Tree, [step, ...rest]: LeafPath, leaf: Tree): Tree {
  if (step === undefined) return leaf;
  if (Array.isArray(node)) return node.with(Number(step), withLeaf(node[Number(step)], rest, leaf));
  if (!isTreeObject(node)) return node;
  const child = withLeaf(node[String(step)], rest, leaf);
  return { ...node, [String(step)]: child };
}
