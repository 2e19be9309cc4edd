import type { Tree, TreeObject } from "../../components/model";
import { edited, type Edit, type Steps } from "../../policies/engine/edit";
import type { CheckedFile } from "./document";
import type { DocumentEdits } from "./fixing";
import { jsonIndentOf, withLineEndsOf } from "./layout";

/** Keeps how a number is written, such as `1.0` or one too large for JavaScript; newer than TypeScript's types. */
type RawJson = { rawJSON(text: string): unknown };

/** Tells whether a text is one value of JSON, whatever its file is called. */
export function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The text of a file of JSON after some changes; it stays JSON, with the indentation that it had. */
export function withEditsInJson({ text }: CheckedFile, changes: DocumentEdits[]): string {
  let tree = JSON.parse(text, asWritten) as Tree;
  for (const { document, edits } of changes) tree = changedAt(tree, document.root, edits);
  const [start = ""] = /^\s*/.exec(text) ?? [];
  const [end = ""] = /\s*$/.exec(text) ?? [];
  return withLineEndsOf(text, `${start}${JSON.stringify(tree, undefined, jsonIndentOf(text))}${end}`);
}

function changedAt(node: Tree, [step, ...rest]: Steps, edits: Edit[]): Tree {
  if (step === undefined) return edited(node as TreeObject, edits);
  if (Array.isArray(node)) return node.with(Number(step), changedAt(node[Number(step)], rest, edits));
  const object = { ...(node as TreeObject) };
  object[step] = changedAt(object[step], rest, edits);
  return object;
}

function asWritten(this: unknown, _: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || source === undefined || String(value) === source) return value;
  return (JSON as unknown as RawJson).rawJSON(source);
}
