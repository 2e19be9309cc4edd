import { isMap, isNode, isScalar, isSeq, type Document, type LineCounter, type Pair, type YAMLMap } from "yaml";
import { stepsOf, type Steps } from "../../policies/engine/edit";
import type { WrittenResource } from "../../policies/engine/written-resource";
import type { RegisteredResource } from "../registered-resources";

/** A file, or the standard input, with all documents that it holds. */
export interface CheckedFile {
  /** As it was named; `-` for the standard input. */
  path: string;
  /** Without a byte order mark. */
  text: string;
  hasMark: boolean;
  documents: Document[];
}

/** One document of a stream of YAML, or one item of a list in it, that describes a resource. */
export interface CheckedDocument {
  /** File it stands in, as it was named; `-` for the standard input. */
  file: string;
  resource: WrittenResource & Pick<Partial<RegisteredResource>, "parent" | "dependencies">;
  /** Steps from the root of the YAML to the properties of the resource. */
  root: Steps;
  /** It is the state of something that is there, in which nothing may be changed. */
  isState?: true;
  yaml: Document;
  lines: LineCounter;
}

/** A place in a file, both counted from 1. */
export interface Position {
  line: number;
  column: number;
}

/**
 * Where a field of a document stands in its file. Where there is no such field, the closest thing above it: what is absent
 * would be there.
 */
export function positionOf({ root, yaml, lines }: CheckedDocument, path: string): Position {
  // A finding about several fields names them all, and one inside text leads through a `#`.
  const [first = ""] = path.split(/, |#/);
  let node: unknown = yaml.contents;
  let offset: number | undefined;
  for (const step of [undefined, ...root, ...(stepsOf(first) ?? [])]) {
    if (step !== undefined) node = writtenAt(node, step);
    if (!isNode(node) || !node.range) break;
    [offset] = node.range;
  }
  if (offset === undefined) return { line: 1, column: 1 };
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** What stands one step below a node, as it is written: an alias is that alias, and merge keys bring nothing. */
export function writtenAt(node: unknown, step: string | number): unknown {
  if (isMap(node)) return pairAt(node, step)?.value ?? undefined;
  return isSeq(node) && typeof step === "number" ? node.items[step] : undefined;
}

/** Key and value of a map; numbers and booleans as keys count as the text that they become. */
export function pairAt(map: YAMLMap, step: string | number): Pair | undefined {
  return map.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
}
