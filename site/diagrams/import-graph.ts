import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { Diagram } from "./diagram";

/**
 * Who imports whom among folders, read from the imports of their sources; those of types count too. A file belongs to the
 * innermost of the folders that it is in. A folder that imports no other, and is imported by none, is left out.
 *
 * @param root Checkout.
 * @param folders Paths from there, which are also what the nodes are called, shortened by `within`.
 * @param within What the folders' paths begin with and their names leave out; nothing by default.
 */
export function importGraph(root: string, folders: readonly string[], within = ""): Diagram {
  const homeOf = (file: string) =>
    folders
      .filter((folder) => file.startsWith(`${folder}/`))
      .toSorted((one, other) => other.length - one.length)
      .at(0);
  const pairs = new Set<string>();
  for (const file of sourcesIn(root, folders)) {
    const from = homeOf(file);
    for (const imported of importsOf(root, file)) {
      const to = homeOf(imported);
      if (from !== undefined && to !== undefined && from !== to) pairs.add(`${from} ${to}`);
    }
  }
  const edges = [...pairs].sort().map((pair) => {
    const [from = "", to = ""] = pair.split(" ");
    return { from, to };
  });
  const drawn = folders.filter((folder) => edges.some(({ from, to }) => from === folder || to === folder));
  return {
    direction: "BT",
    nodes: drawn.toSorted().map((folder) => ({ id: folder, title: folder.slice(within.length) })),
    edges,
  };
}

function sourcesIn(root: string, folders: readonly string[]): Set<string> {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  );
  return new Set(files.filter((path) => path.endsWith(".ts")));
}

/** Files of the checkout that a file imports, by their paths without an ending. */
function importsOf(root: string, file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"));
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => join(dirname(file), fileName))
    .map((path) => (existsSync(join(root, path, "index.ts")) ? join(path, "index") : path));
}
