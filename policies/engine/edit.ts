import { isTreeObject, type Tree, type TreeObject } from "../../components/model";

/** One change to a judged object: the field at `path` gets a value, gets one more item, or goes. */
export type Edit = { path: string; value: Tree } | { path: string; append: Tree } | { path: string; remove: true };

/** Steps from the root of an object to one of its fields. */
export type Steps = (string | number)[];

/**
 * Reads a path as findings spell it: `spec.containers[0].resources.limits["nvidia.com/gpu"]`.
 *
 * @returns undefined for what is no such path, and for one that leads into text or another object (`#`).
 */
export function stepsOf(path: string): Steps | undefined {
  const token = /(?:^|\.)([^.[\]"#]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/gy;
  const steps: Steps = [];
  let end = 0;
  for (const [whole, name, index, key] of path.matchAll(token)) {
    steps.push(name ?? (index === undefined ? (key ?? "") : Number(index)));
    end += whole.length;
  }
  return steps.length > 0 && end === path.length ? steps : undefined;
}

/**
 * The object with some changes made; what they do not touch is shared with the object given, whatever it is.
 *
 * Objects on the way that are absent are made. A change whose way leads through a leaf or into text is left out.
 */
export function edited(root: TreeObject, edits: Edit[]): TreeObject {
  return edits.reduce((tree, edit) => {
    const steps = stepsOf(edit.path);
    const changed = steps === undefined ? tree : editedAt(tree, steps, edit);
    return isTreeObject(changed) ? changed : tree;
  }, root);
}

/** Objects of some class, such as the secrets of CrossGuard, are leaves. */
function isPlain(node: Tree): node is TreeObject {
  if (!isTreeObject(node)) return false;
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}

function editedAt(node: Tree, steps: Steps, edit: Edit): Tree {
  const [step, ...rest] = steps;
  if (step === undefined) return "append" in edit ? appended(node, edit.append) : "value" in edit ? edit.value : node;
  const removes = "remove" in edit && rest.length === 0;
  if (typeof step === "number") {
    if (!Array.isArray(node) || step > node.length) return node;
    return removes ? node.toSpliced(step, 1) : withItem(node, step, editedAt(node[step], rest, edit));
  }
  if (node !== undefined && node !== null && !isPlain(node)) return node;
  const object = node ?? {};
  if ("remove" in edit && !Object.hasOwn(object, step)) return node;
  const entries = Object.entries(object).filter(([key]) => key !== step);
  const child = Object.hasOwn(object, step) ? object[step] : undefined;
  if (removes) return Object.fromEntries(entries);
  const changed = editedAt(child, rest, edit);
  // The key keeps its place among its neighbours.
  return Object.hasOwn(object, step)
    ? Object.fromEntries(Object.entries(object).map(([key, value]) => [key, key === step ? changed : value]))
    : Object.fromEntries([...entries, [step, changed]]);
}

function appended(node: Tree, item: Tree): Tree {
  if (node === undefined || node === null) return [item];
  return Array.isArray(node) ? [...node, item] : node;
}

function withItem(list: Tree[], index: number, item: Tree): Tree[] {
  return index === list.length ? [...list, item] : list.with(index, item);
}
