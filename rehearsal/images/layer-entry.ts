import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import type { ImageFile } from "./image";

/** One entry of a layer. All belong to root, as what a Dockerfile copies does. */
export type LayerEntry = FolderEntry | FileEntry | LinkEntry;

/** A folder of a layer. */
export interface FolderEntry extends EntryPlace {
  kind: "folder";
  mode: number;
}

/** A file of a layer. */
export interface FileEntry extends EntryPlace {
  kind: "file";
  mode: number;
  /** What is in it: the path of a file of this machine, or the bytes themselves. */
  content: string | Buffer;
}

/** A symbolic link of a layer. */
export interface LinkEntry extends EntryPlace {
  kind: "link";
  /** What it points to, as it is to be read. */
  to: string;
}

interface EntryPlace {
  /** Path in the image, without the slash at its beginning. */
  path: string;
}

/** What is taken of a folder. */
export interface TakenOf {
  /** Whether a path below the folder is left out, with all that is in it; nothing is by default. */
  omits?: (path: string) => boolean;
  /** Path in the image of a path below the target; the same by default. */
  moved?: (path: string) => string;
}

/** A folder with the permissions of most. */
export function folder(path: string, mode = 0o755): FolderEntry {
  return { kind: "folder", path: inLayer(path), mode };
}

/** A file with a text of our own. */
export function textFile(path: string, text: string, mode = 0o644): FileEntry {
  return { kind: "file", path: inLayer(path), mode, content: Buffer.from(text) };
}

/** A symbolic link. */
export function link(path: string, to: string): LinkEntry {
  return { kind: "link", path: inLayer(path), to };
}

/** Entries of files and folders of this machine. @throws when one is not there. */
export async function entriesOf(files: ImageFile[], taken: TakenOf = {}): Promise<LayerEntry[]> {
  const entries = await Promise.all(
    files.map(async ({ source, target, mode }): Promise<LayerEntry[]> => {
      const found = await stat(source);
      if (found.isDirectory()) return entriesUnder(source, target, taken);
      return [{ kind: "file", path: inLayer(target), mode: mode ?? plainMode(found.mode), content: source }];
    }),
  );
  return entries.flat();
}

/** Entries of all that is in a folder of this machine. Sockets and devices are left out. */
export async function entriesUnder(source: string, target: string, taken: TakenOf = {}): Promise<LayerEntry[]> {
  const { omits = () => false, moved = (path: string) => path } = taken;
  const entries: LayerEntry[] = [];
  const visit = async (below: string): Promise<void> => {
    for (const item of await readdir(join(source, below), { withFileTypes: true })) {
      const path = posix.join(below, item.name);
      if (omits(path)) continue;
      const place = inLayer(moved(posix.join(target, path)));
      const here = join(source, path);
      if (item.isDirectory()) {
        entries.push({ kind: "folder", path: place, mode: 0o755 });
        await visit(path);
      } else if (item.isSymbolicLink()) {
        entries.push({ kind: "link", path: place, to: await readlink(here) });
      } else if (item.isFile()) {
        entries.push({ kind: "file", path: place, mode: plainMode((await lstat(here)).mode), content: here });
      }
    }
  };
  await visit("");
  return entries;
}

/**
 * Entries in the one order that a layer has, each path once, and every folder above one of them: of two with the same
 * path the later counts, as in layers that lie upon each other.
 */
export function inOrder(entries: LayerEntry[]): LayerEntry[] {
  const byPath = new Map<string, LayerEntry>();
  for (const { path } of entries) {
    for (let above = posix.dirname(path); above !== "."; above = posix.dirname(above)) byPath.set(above, folder(above));
  }
  // A folder that is named keeps its permissions where it also is above others.
  for (const entry of entries) byPath.set(entry.path, entry);
  return [...byPath.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Checkouts differ in the bits that a umask leaves; an image must not. */
function plainMode(mode: number): number {
  return (mode & 0o111) === 0 ? 0o644 : 0o755;
}

function inLayer(path: string): string {
  return posix.normalize(path).replace(/^\/+|\/+$/g, "");
}
