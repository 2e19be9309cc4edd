import { childAt, type Tree } from "../../components/model";
import { stepsOf } from "./edit";

/** How a path goes on with a key, in brackets where that is more than a plain name. */
export function pathBelow(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** What stands at a path as findings spell it; the root where the path leads into text or another object. */
export function nodeAtPath(root: Tree, path: string): Tree {
  return nodesAlong(root, path).at(-1);
}

/** The nodes on the way to {@link nodeAtPath}, from the root on. */
export function nodesAlong(root: Tree, path: string): Tree[] {
  const nodes: Tree[] = [root];
  for (const step of stepsOf(path) ?? []) nodes.push(stepInto(nodes.at(-1), step));
  return nodes;
}

function stepInto(node: Tree, step: string | number): Tree {
  if (typeof step === "string") return childAt(node, step);
  return Array.isArray(node) ? node[step] : undefined;
}
