import { isDeepStrictEqual } from "node:util";
import { isAlias, isMap, isNode, isScalar, isSeq, type Document, type Pair } from "yaml";
import type { Tree } from "../../components/model";
import { stepsOf, type Edit, type Steps } from "../../policies/engine/edit";
import { pairAt, writtenAt, type CheckedDocument, type CheckedFile } from "./document";
import type { DocumentEdits } from "./fixing";
import { layoutOf, withLineEndsOf } from "./layout";
import { mergedLines } from "./line-merge";
import { holdsShared, parseStream, sharedAnchors } from "./yaml";

const SHARED = "where an anchor shares the value with other places";

/** Why a change cannot be made in YAML without changing something else with it; undefined where it can be. */
export function obstacleInYaml({ yaml, root }: CheckedDocument, steps: Steps, edit: Edit): string | undefined {
  const shared = sharedAnchors(yaml);
  const path = [...root, ...steps];
  let node: unknown = yaml.contents;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) return "where an alias stands for the value";
    if (isNode(node) && "anchor" in node && shared.has(node.anchor ?? "")) return SHARED;
    const isSet = "value" in edit && index === path.length - 1;
    if (isMap(node) && pairAt(node, step) === undefined && node.items.some(isMerge) && !isSet) {
      return "where a merge key (<<) may bring the value";
    }
    node = writtenAt(node, step);
  }
  if ("append" in edit && isAlias(node)) return "where an alias stands for the value";
  return holdsShared(node, shared) ? SHARED : undefined;
}

/** The text of a file of YAML after some changes, in which only the documents that changed are laid out anew. */
export function withEditsInYaml({ text, documents }: CheckedFile, changes: DocumentEdits[]): string {
  const changed = new Map<Document, Document>();
  for (const { document, edits } of changes) {
    const copy = changed.get(document.yaml) ?? document.yaml.clone();
    changed.set(document.yaml, copy);
    for (const edit of edits) apply(copy, [...document.root, ...(stepsOf(edit.path) ?? [])], edit);
  }
  const ends = documents.map(({ range }) => range?.[2] ?? text.length);
  const parts = documents.map((document, index) => {
    const isLast = index === documents.length - 1;
    const asItWas = text.slice(ends[index - 1] ?? 0, isLast ? undefined : ends[index]);
    const copy = changed.get(document);
    return copy === undefined ? asItWas : rendered(asItWas, document, copy);
  });
  return parts.join("");
}

/** The text of a document that changed, as close as can be to what it was. */
function rendered(asItWas: string, document: Document, changed: Document): string {
  const layout = layoutOf(asItWas);
  const anew = changed.toString(layout);
  const end = asItWas.endsWith("\n") ? "" : "\n";
  const unix = `${asItWas}${end}`.replaceAll("\r\n", "\n");
  const merged = mergedLines(unix, document.toString(layout), anew);
  const text = merged !== undefined && isTextOf(merged, changed) ? merged : anew;
  return withLineEndsOf(asItWas, end === "" ? text : text.replace(/\n$/, ""));
}

/** Lines that were taken over one by one may have come to mean something else. */
function isTextOf(text: string, document: Document): boolean {
  const [only, ...others] = parseStream(text)?.documents ?? [];
  if (only === undefined || others.length > 0 || only.errors.length > 0) return false;
  try {
    return isDeepStrictEqual(only.toJS(), document.toJS());
  } catch {
    return false;
  }
}

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && (key.source === "<<" || key.value === "<<");
}

function apply(yaml: Document, path: Steps, edit: Edit): void {
  const last = path.at(-1);
  const parent = containerAt(yaml, path.slice(0, -1));
  if (last === undefined || parent === undefined) return;
  if ("remove" in edit) remove(parent, last);
  else if ("append" in edit) {
    const list = writtenAt(parent, last);
    if (isSeq(list)) list.items.push(nodeOf(yaml, edit.append));
    else put(yaml, parent, last, nodeOf(yaml, [edit.append]));
  } else put(yaml, parent, last, nodeOf(yaml, edit.value));
}

/** The map or list at a path; what is absent or null on the way becomes a map. */
function containerAt(yaml: Document, path: Steps): unknown {
  let node: unknown = yaml.contents;
  for (const step of path) {
    let child = writtenAt(node, step);
    if (child === undefined || isNull(child)) {
      child = nodeOf(yaml, {});
      put(yaml, node, step, child);
    }
    node = child;
  }
  return isMap(node) || isSeq(node) ? node : undefined;
}

function put(yaml: Document, parent: unknown, step: string | number, value: unknown): void {
  if (isSeq(parent)) parent.items[Number(step)] = value;
  if (!isMap(parent)) return;
  const pair = pairAt(parent, step);
  if (pair === undefined) parent.items.push(yaml.createPair(step, value));
  else {
    if (isScalar(pair.value) && isScalar(value)) value.comment = pair.value.comment ?? null;
    pair.value = value;
  }
}

function remove(parent: unknown, step: string | number): void {
  if (isSeq(parent)) parent.items.splice(Number(step), 1);
  if (isMap(parent)) parent.items.splice(0, Infinity, ...parent.items.filter((pair) => pair !== pairAt(parent, step)));
}

function nodeOf(yaml: Document, value: Tree): unknown {
  return yaml.createNode(value as Exclude<Tree, symbol>, { aliasDuplicateObjects: false });
}

function isNull(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}
