import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { GoRunner } from "./go-runner";

/** A module that a build takes with files of our own added, as what the module proxy has of it does not build. */
export interface CompletedModule {
  /** Path of the module, which the `go.mod` of the build pins. */
  module: string;
  /** Folder under `rehearsal/modules` with the files that are added; of the tool's own ones, so that it has a part in its hash. */
  additions: string;
  /** Folder of the module that they are added to. */
  target: string;
  /** Whether they take the place of all that is in it, where that does not build; false by default. */
  isReplaced?: boolean;
}

/**
 * Has a build take a copy of a module in the module's place, with files added.
 *
 * A copy, as Go lets nothing replace files of its module cache; what is copied was checked against `go.sum`.
 *
 * @param sources Folder that the build runs in; the copy lies beside it.
 */
export async function completeModule(
  sources: string,
  { module, additions, target, isReplaced = false }: CompletedModule,
  go: GoRunner,
): Promise<void> {
  const { Dir } = JSON.parse(await go(["mod", "download", "-json", module])) as { Dir: string };
  const copy = join(dirname(sources), "completed");
  await copyTree(Dir, copy);
  if (isReplaced) await rm(join(copy, target), { recursive: true });
  await copyTree(join(dirname(sources), basename(additions)), join(copy, target));
  await go(["mod", "edit", `-replace=${module}=${copy}`]);
}

/** Go keeps its module cache from being written; copies of its folders are to be added to, and removed. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, copy);
    else if (entry.isFile()) await copyFile(source, copy);
  }
}
