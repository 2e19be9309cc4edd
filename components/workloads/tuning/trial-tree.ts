import { isPlain } from "../../internal";
import { isTreeObject, type Tree, UNKNOWN } from "../../model";

/** A manifest as plain data, with markers for what only the engine will know. */
export function trialTree(value: unknown): Tree {
  if (value === undefined || value === null) return value;
  if (!isPlain(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(trialTree);
  if (typeof value !== "object") return value as Tree;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, trialTree(inner)]));
}

/** Every text of a tree: keys, and what stands at the ends. */
export function textsOf(tree: Tree): string[] {
  if (typeof tree === "string") return [tree];
  if (Array.isArray(tree)) return tree.flatMap(textsOf);
  return isTreeObject(tree) ? Object.entries(tree).flatMap(([key, inner]) => [key, ...textsOf(inner)]) : [];
}

/** Whether something in a tree is not known yet. */
export function hasUnknowns(tree: Tree): boolean {
  if (Array.isArray(tree)) return tree.some(hasUnknowns);
  return tree === UNKNOWN || (isTreeObject(tree) && Object.values(tree).some(hasUnknowns));
}

/** Names of the parameters that a tree has placeholders for, each once. */
export function placeholdersIn(tree: Tree): string[] {
  const names = textsOf(tree).flatMap((text) =>
    [...text.matchAll(/\$\{trialParameters\.(.+?)\}/g)].map(([, name]) => name!),
  );
  return [...new Set(names)];
}
