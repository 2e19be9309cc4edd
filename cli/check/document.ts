import { type Document, type LineCounter, isNode } from "yaml";
import { stepsOf, type Steps } from "../../policies/engine/edit";
import type { WrittenResource } from "../../policies/engine/written-resource";

/** A file, or the standard input, with all documents that it holds. */
export interface CheckedFile {
  /** As it was named; `-` for the standard input. */
  path: string;
  text: string;
  documents: Document[];
}

/** One document of a stream of YAML that describes a resource. */
export interface CheckedDocument {
  /** File it stands in, as it was named; `-` for the standard input. */
  file: string;
  resource: WrittenResource;
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
  const steps = stepsOf(first) ?? [];
  for (let length = steps.length; length >= 0; length--) {
    const node = yaml.getIn([...root, ...steps.slice(0, length)], true);
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}
