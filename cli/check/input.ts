import { childAt, isTreeObject, stringAt, type Tree } from "../../components/model";
import { Problem } from "../../rehearsal/problem";
import type { CheckedDocument, CheckedFile } from "./document";
import { filesAt, renderHint } from "./files";
import { plain, plainPath } from "./plain";
import { resourcesOf } from "./resources";
import { decoded } from "./text";
import { parseStream, valueOf } from "./yaml";

/** What `mlstack check` read. */
export interface CheckedInput {
  documents: CheckedDocument[];
  /** Files that were read. */
  files: CheckedFile[];
  /** Documents that describe no resource, such as values of a chart. */
  passedOver: number;
  /** What was passed over in folders, each with what to do instead. */
  hints: string[];
  /** The paths that were named and yield no resource at all, each with the reason. */
  empty: string[];
}

/**
 * Reads files, folders and the standard input (`-`) as streams of YAML or JSON; what is named twice, or reached by links
 * as well, is read once.
 *
 * @throws {Problem} when there is no such file, or one is no YAML; all of these are named together.
 */
export async function readInput(
  paths: string[],
  standardInput: () => Promise<Uint8Array | string>,
): Promise<CheckedInput> {
  const input: CheckedInput = { documents: [], files: [], passedOver: 0, hints: [], empty: [] };
  const faults: string[] = [];
  /** Number of resources by the real path of each file. */
  const known = new Map<string, number>();
  for (const path of new Set(paths)) {
    const shown = plainPath(path);
    if (path === "-") {
      const count = readFile(input, path, await standardInput(), faults);
      if (count === 0) input.empty.push(`the standard input holds no resource`);
      continue;
    }
    const found = await filesAt(path);
    faults.push(...found.faults.map(plainPath));
    input.hints.push(...found.hints.map(plainPath));
    if (found.isChart) input.empty.push(`${shown} is a chart; ${renderHint(shown)}`);
    let count = 0;
    for (const { path: file, realPath, bytes } of found.files) {
      const ofFile = known.get(realPath) ?? readFile(input, file, bytes, faults);
      known.set(realPath, ofFile);
      count += ofFile;
    }
    if (count > 0 || found.isChart || found.faults.length > 0) continue;
    input.empty.push(
      found.files.length === 0 ? `${shown} holds no file of YAML or JSON` : `${shown} holds no resource`,
    );
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

/** Reads one stream, and returns how many resources it holds. */
function readFile(input: CheckedInput, file: string, bytes: Uint8Array | string, faults: string[]): number {
  const shown = plainPath(file);
  const content = decoded(bytes);
  const stream = "fault" in content ? undefined : parseStream(content.text);
  if ("fault" in content || stream === undefined) {
    faults.push(`${shown}: ${"fault" in content ? content.fault : "it nests too deep"}`);
    return 0;
  }
  const { documents, lines } = stream;
  input.files.push({ path: file, ...content, documents });
  const before = input.documents.length;
  for (const yaml of documents) {
    const value = valueOf(yaml, content.text, lines);
    if ("line" in value) {
      faults.push(`${shown}:${value.line}: ${value.text}`);
      continue;
    }
    const { resources, passedOver } = resourcesOf(value.tree);
    const kind = kindWithoutVersion(value.tree);
    if (kind !== undefined) {
      const line = lines.linePos(yaml.contents?.range?.[0] ?? 0).line;
      input.hints.push(`${shown}:${line}: ${plain(kind)} has a kind and no apiVersion; name the version of its API`);
    }
    input.passedOver += passedOver;
    for (const resource of resources) input.documents.push({ file, yaml, lines, ...resource });
  }
  return input.documents.length - before;
}

/** The kind of what is meant to be an object of Kubernetes, and does not say of which API. */
function kindWithoutVersion(tree: Tree): string | undefined {
  const kind = stringAt(tree, "kind");
  const isNamed = isTreeObject(childAt(tree, "metadata")) || isTreeObject(childAt(tree, "spec"));
  return isNamed && (childAt(tree, "apiVersion") ?? undefined) === undefined ? kind : undefined;
}
