import { isTreeObject, isUnknown, type Tree } from "../../components/model";
import { nodesAlong } from "./path";
import type { Subject } from "./subject";

/** Kinds in whose texts an operator fills in variables when the work runs. */
const GROUPS_WITH_VARIABLES = ["argoproj.io", "kubeflow.org", "pipelines.kubeflow.org"];

/** Tells whether a variable of Argo or Katib stands at a path, or in the text that the path leads into. */
export function isVariable(subject: Subject, path: string): boolean {
  if (!GROUPS_WITH_VARIABLES.includes(subject.group ?? "")) return false;
  const value = written(subject, path).at(-1);
  return typeof value === "string" && /\{\{|\$\{/.test(value);
}

/** Tells whether what is missing at a path may be said by another object, which is not at hand. */
export function isLeftToAnother(subject: Subject, path: string): boolean {
  if (!subject.isIncomplete) return false;
  if (subject.pods.some(({ completedBy }) => completedBy !== undefined && path.startsWith(`${completedBy}#`)))
    return true;
  const nodes = written(subject, path);
  return !nodes.some(isUnknown) && (nodes.at(-1) ?? undefined) === undefined;
}

/**
 * Where an object names the one that adds to its pods, where nothing else is missing at a path inside these; undefined where
 * something of the object is not known yet, which an update tells.
 */
export function completingPath(subject: Subject, path: string): string | undefined {
  if (!subject.isIncomplete || hasUnknown(subject.tree)) return undefined;
  const found = subject.pods.find(({ completedBy, path: own }) => completedBy !== undefined && path.startsWith(own));
  return found?.completedBy === undefined || path.startsWith(found.completedBy) ? undefined : found.completedBy;
}

/** Whether a marker stands anywhere in a value. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isTreeObject(value as Tree) && Object.values(value as object).some(hasUnknown);
}

/** What the object itself has along a path, from its root; where the path leads into text, up to that. */
function written({ tree }: Subject, path: string): Tree[] {
  return nodesAlong(tree, path.split("#")[0] ?? "");
}
