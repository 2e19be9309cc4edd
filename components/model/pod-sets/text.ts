import { parseAllDocuments } from "yaml";
import type { Tree } from "../tree";
import { UNKNOWN } from "../unknown";

/**
 * What Argo fills in when a workflow runs.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/variables/
 */
export const ARGO_VARIABLE = /\{\{.*?\}\}/s;

/**
 * What Katib fills in for each trial; other texts in `${}` are the shell's.
 *
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/controller.v1beta1/consts/const.go
 */
export const KATIB_PARAMETER = /\$\{trial(Parameters|Spec)\..+?\}/s;

/** Objects of Kubernetes have at most a few thousand values; what text with references makes of more is not read. */
const LARGEST_TREE = 200_000;

/** What is nested deeper than this is not read. */
export const DEEPEST_TREE = 100;

/** Stands for a placeholder while text is parsed; a letter that no name, image or number has. */
const STAND_IN = "\uE000";

/**
 * A copy of a tree with the unknown marker in place of each text that a pattern is found in.
 *
 * @param textFields names of fields whose text is to be parsed later, and is left as it is.
 */
export function withUnknowns(tree: Tree, placeholder: RegExp, textFields: readonly string[] = []): Tree {
  let left = LARGEST_TREE;
  const copy = (node: unknown, depth: number, field?: string): Tree => {
    left -= 1;
    if (left < 0 || depth > DEEPEST_TREE) return UNKNOWN;
    if (typeof node === "string" && field !== undefined && textFields.includes(field)) return node;
    if (typeof node === "string") return placeholder.test(node) ? UNKNOWN : node;
    if (typeof node !== "object" || node === null) return node as Tree;
    if (Array.isArray(node)) return node.map((item) => copy(item, depth + 1));
    // Dates and bytes of YAML are text to Kubernetes.
    if (node instanceof Date || node instanceof Uint8Array) return String(node);
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, copy(value, depth + 1, key)]));
  };
  return copy(tree, 0);
}

/**
 * The documents of a YAML or JSON text, with the unknown marker in place of each value that has a placeholder in it.
 *
 * @returns none where the text is neither.
 */
export function parseText(text: string, placeholder: RegExp): Tree[] {
  try {
    // Kubernetes reads YAML 1.1, in which `yes` is true.
    const prepared = text.replace(new RegExp(placeholder, `${placeholder.flags}g`), STAND_IN);
    const documents = [...parseAllDocuments(prepared, { version: "1.1", logLevel: "silent" })];
    if (documents.some(({ errors }) => errors.length > 0)) return [];
    const trees = documents.map((document) => withUnknowns(document.toJS() as Tree, new RegExp(STAND_IN)));
    return trees.filter((tree) => tree !== null && tree !== undefined);
  } catch {
    return [];
  }
}
