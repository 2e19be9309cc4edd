import { writeFile } from "node:fs/promises";
import { isScalar, type Document } from "yaml";
import type { Tree } from "../../components/model";
import { stepsOf, type Edit } from "../../policies/engine/edit";
import { callersPath } from "../../rehearsal/checkout";
import type { CheckedFinding } from "./checking";
import type { CheckedDocument, CheckedFile } from "./document";

/** One fix that was written. */
export interface WrittenFix {
  file: string;
  rule: string;
  object: string;
}

/**
 * Makes the fixes that findings offer, in the documents themselves, so that comments and order stay; exempted findings
 * are left alone. Writes each file once.
 */
export async function writeFixes(findings: CheckedFinding[], files: CheckedFile[]): Promise<WrittenFix[]> {
  const changed = new Set<Document>();
  const fixes = findings.flatMap(({ finding, document, fix, exemption }) => {
    if (document === undefined || fix === undefined || exemption !== undefined) return [];
    const made = fix.map((edit) => apply(document, edit)).includes(true);
    if (made) changed.add(document.yaml);
    return made ? [{ file: document.file, rule: finding.rule, object: finding.object }] : [];
  });
  for (const file of files.filter(({ documents }) => documents.some((document) => changed.has(document)))) {
    await writeFile(callersPath(file.path), textOf(file, changed));
  }
  return fixes;
}

/** The text of a file in which only the changed documents are laid out anew. */
function textOf({ text, documents }: CheckedFile, changed: Set<Document>): string {
  const ends = documents.map(({ range }) => range?.[2] ?? text.length);
  return documents
    .map((document, index) => {
      const asItWas = text.slice(ends[index - 1] ?? 0, index === documents.length - 1 ? undefined : ends[index]);
      return changed.has(document)
        ? document.toString({ lineWidth: 0, flowCollectionPadding: hasPadding(asItWas) })
        : asItWas;
    })
    .join("");
}

/** Whether lists and maps in brackets have spaces inside these, as in `{ a: 1 }`. */
function hasPadding(text: string): boolean {
  return /[{[] /.test(text);
}

/** Makes one change; false where its path leads into text or through a leaf. */
function apply({ yaml, root, isState }: CheckedDocument, edit: Edit): boolean {
  const steps = stepsOf(edit.path);
  if (steps === undefined || isState) return false;
  const path = [...root, ...steps];
  // A document refuses to put anything below a leaf.
  if (path.some((_, length) => length > 0 && isLeaf(yaml.getIn(path.slice(0, length), true)))) return false;
  if ("remove" in edit) return yaml.deleteIn(path);
  if ("append" in edit) {
    const list = yaml.getIn(path, true);
    if (list === undefined || isNull(list)) yaml.setIn(path, yaml.createNode([edit.append]));
    else yaml.addIn(path, yaml.createNode(edit.append));
  } else {
    yaml.setIn(path, yaml.createNode(edit.value as Exclude<Tree, symbol>));
  }
  return true;
}

function isLeaf(node: unknown): boolean {
  return isScalar(node) && node.value !== null;
}

function isNull(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}
