import { open, writeFile } from "node:fs/promises";
import type { Document } from "yaml";
import type { Tree } from "../../components/model";
import { stepsOf, type Edit, type Steps } from "../../policies/engine/edit";
import { callersPath } from "../../rehearsal/checkout";
import { Problem } from "../../rehearsal/problem";
import { isFixable, type CheckedFinding } from "./checking";
import type { CheckedDocument, CheckedFile } from "./document";
import { reasonOf } from "./files";
import { isJson, withEditsInJson } from "./json-edit";
import { plainPath } from "./plain";
import { withMark } from "./text";
import { obstacleInYaml, withEditsInYaml } from "./yaml-edit";

/** One fix that can be made. */
export interface Fix {
  file: string;
  rule: string;
  object: string;
}

/** What `--fix` does. */
export interface FixPlan {
  fixes: Fix[];
  /** Fixes that are not made, each with the reason, which completes "1 of them is". */
  leftOut: (Fix & { reason: string })[];
  /** What the files that change will hold. */
  texts: Map<CheckedFile, string>;
}

/** The changes of one resource. */
export interface DocumentEdits {
  document: CheckedDocument;
  edits: Edit[];
}

/**
 * Plans the fixes that findings offer; exempted findings are left alone. Comments and order stay, and a fix is made
 * as a whole or not at all.
 */
export function planFixes(findings: CheckedFinding[], files: CheckedFile[]): FixPlan {
  const plan: FixPlan = { fixes: [], leftOut: [], texts: new Map() };
  const fileOf = new Map<Document, CheckedFile>(
    files.flatMap((file) => file.documents.map((document): [Document, CheckedFile] => [document, file])),
  );
  const jsonFiles = new Set(files.filter(({ text }) => isJson(text)));
  const changes = new Map<CheckedFile, Map<CheckedDocument, Edit[]>>();
  for (const { finding, document, fix } of findings.filter(isFixable)) {
    const file = document && fileOf.get(document.yaml);
    if (document === undefined || file === undefined || fix === undefined) continue;
    const told = { file: document.file, rule: finding.rule, object: finding.object };
    const [reason] = fix.flatMap((edit) => obstacleOf(document, edit, jsonFiles.has(file)) ?? []);
    if (reason !== undefined) {
      plan.leftOut.push({ ...told, reason });
      continue;
    }
    plan.fixes.push(told);
    const ofFile = changes.get(file) ?? new Map<CheckedDocument, Edit[]>();
    changes.set(file, ofFile.set(document, [...(ofFile.get(document) ?? []), ...fix]));
  }
  for (const [file, ofFile] of changes) {
    const ordered = [...ofFile].map(([document, edits]): DocumentEdits => ({ document, edits: inOrder(edits) }));
    const text = jsonFiles.has(file) ? withEditsInJson(file, ordered) : withEditsInYaml(file, ordered);
    plan.texts.set(file, withMark(file, text));
  }
  return plan;
}

/**
 * Writes the files of a plan, each once.
 *
 * @throws {Problem} when one of them cannot be written, before any is.
 */
export async function writeFixes({ texts }: FixPlan): Promise<void> {
  const faults: string[] = [];
  for (const { path } of texts.keys()) {
    const attempt = await open(callersPath(path), "r+").catch((error: unknown) => {
      faults.push(`${plainPath(path)} cannot be written: ${reasonOf(error)}`);
    });
    await attempt?.close();
  }
  if (faults.length > 0) throw new Problem(faults.join("\n"), "Nothing was changed. Make the files writable.");
  for (const [{ path }, text] of texts) await writeFile(callersPath(path), text);
}

/** Tells how many fixes were left out, and why; undefined where none was. */
export function leftOutLine({ leftOut }: FixPlan): string | undefined {
  if (leftOut.length === 0) return undefined;
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))].map(
    (reason) => `${leftOut.filter((one) => one.reason === reason).length} ${reason}`,
  );
  return `${leftOut.length} ${leftOut.length === 1 ? "fix" : "fixes"} left out: ${reasons.join(", ")}`;
}

/** Every change once; removals come last and from behind, so that none moves what another one is about. */
function inOrder(edits: Edit[]): Edit[] {
  const once = [...new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values()];
  const isRemoval = (edit: Edit) => "remove" in edit;
  const removals = once.filter(isRemoval).toSorted((a, b) => fromBehind(stepsOf(a.path) ?? [], stepsOf(b.path) ?? []));
  return [...once.filter((edit) => !isRemoval(edit)), ...removals];
}

function fromBehind(a: Steps, b: Steps): number {
  const index = a.findIndex((step, at) => step !== b[at]);
  const [one, other] = [a[index], b[index]];
  if (typeof one === "number" && typeof other === "number") return other - one;
  return b.length - a.length;
}

/** Why a change cannot be made; undefined where it can be. */
function obstacleOf(document: CheckedDocument, edit: Edit, isOfJson: boolean): string | undefined {
  const steps = stepsOf(edit.path);
  if (steps === undefined) return "inside text";
  const inTree = obstacleInTree(document.resource.properties, steps, edit);
  return inTree ?? (isOfJson ? undefined : obstacleInYaml(document, steps, edit));
}

function obstacleInTree(root: Tree, steps: Steps, edit: Edit): string | undefined {
  let node: Tree = root;
  for (const step of steps) {
    const isAbsent = node === undefined || node === null;
    if (isAbsent && "remove" in edit) return "where there is nothing to remove";
    if (typeof step === "number" ? !Array.isArray(node) : !isAbsent && !isPlainObject(node)) {
      return "below a value that is neither a map nor a list";
    }
    if (typeof step === "number") {
      const list = node as Tree[];
      if (step > list.length) return "behind the end of a list";
      node = list[step];
    } else {
      node = isPlainObject(node) && Object.hasOwn(node, step) ? node[step] : undefined;
    }
  }
  const isNoList = node !== undefined && node !== null && !Array.isArray(node);
  return "append" in edit && isNoList ? "where something else than a list is" : undefined;
}

function isPlainObject(node: Tree): node is Record<string, Tree> {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}
