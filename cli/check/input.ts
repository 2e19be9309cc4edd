import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Document, LineCounter, parseAllDocuments } from "yaml";
import type { Tree } from "../../components/model";
import { writtenResourceOf } from "../../policies/engine/written-resource";
import { callersPath } from "../../rehearsal/checkout";
import { Problem } from "../../rehearsal/problem";
import type { CheckedDocument, CheckedFile } from "./document";
import { resourcesOfState } from "./state";

/** What `mlstack check` read. */
export interface CheckedInput {
  documents: CheckedDocument[];
  /** Files that were read. */
  files: CheckedFile[];
  /** Documents that describe no resource, such as values of a chart. */
  passedOver: number;
  /** Folders that were passed over, each with what to do instead. */
  hints: string[];
}

const EXTENSION = /\.(ya?ml|json)$/;

/** Folders that hold no manifests of one's own. */
const PASSED_OVER = new Set(["node_modules", ".git", ".github"]);

/** More aliases than this unfold to more than anybody wrote. */
const MOST_ALIASES = 1000;

/**
 * Reads files, folders and the standard input (`-`) as streams of YAML or JSON.
 *
 * @throws {Problem} when there is no such file, or one is no YAML; all of these are named together.
 */
export async function readInput(paths: string[], standardInput: () => Promise<string>): Promise<CheckedInput> {
  const input: CheckedInput = { documents: [], files: [], passedOver: 0, hints: [] };
  const faults: string[] = [];
  for (const path of paths) {
    if (path === "-") {
      readStream(input, path, await standardInput(), faults);
      continue;
    }
    const found = await stat(callersPath(path)).catch(() => undefined);
    if (found === undefined) faults.push(`${path}: there is no such file or folder`);
    else if (found.isDirectory()) await readFolder(input, path, faults);
    else readStream(input, path, await readFile(callersPath(path), "utf8"), faults);
  }
  if (faults.length > 0) {
    throw new Problem(
      faults.join("\n"),
      "Name files of YAML or JSON, folders of them, or - for the standard input. Charts are rendered first: " +
        "helm template CHART | mlstack check -",
    );
  }
  return input;
}

async function readFolder(input: CheckedInput, folder: string, faults: string[]): Promise<void> {
  const entries = await readdir(callersPath(folder), { withFileTypes: true });
  if (entries.some(({ name }) => name === "Chart.yaml")) {
    input.hints.push(`${folder} is a chart and was passed over; render it: helm template ${folder} | mlstack check -`);
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) await readFolder(input, path, faults);
    if (entry.isFile() && EXTENSION.test(entry.name))
      readStream(input, path, await readFile(callersPath(path), "utf8"), faults);
  }
}

function readStream(input: CheckedInput, file: string, text: string, faults: string[]): void {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines });
  const documents = Array.isArray(parsed) ? (parsed as Document[]) : [];
  input.files.push({ path: file, text, documents });
  for (const yaml of documents) {
    const [error] = yaml.errors;
    if (error) {
      faults.push(`${file}:${error.linePos?.[0].line ?? 1}: ${error.message.split("\n")[0] ?? "no YAML"}`);
      continue;
    }
    const tree = treeOf(yaml);
    if (tree === undefined) {
      faults.push(`${file}: its aliases unfold to too much`);
      continue;
    }
    const found = resourcesOf(tree);
    if (found.length === 0) input.passedOver += 1;
    input.documents.push(...found.map((resource) => ({ file, yaml, lines, ...resource })));
  }
}

/** The resources that a document describes, with where in it they are. */
function resourcesOf(tree: Tree): Pick<CheckedDocument, "resource" | "root" | "isState">[] {
  const resource = writtenResourceOf(tree);
  if (resource === undefined) return resourcesOfState(tree).map((found) => ({ ...found, isState: true }));
  return [{ resource, root: resource.properties === tree ? [] : ["properties"] }];
}

/** Undefined where aliases unfold beyond measure. */
function treeOf(yaml: Document): Tree {
  try {
    return (yaml.toJS({ maxAliasCount: MOST_ALIASES }) as Tree) ?? null;
  } catch {
    return undefined;
  }
}
