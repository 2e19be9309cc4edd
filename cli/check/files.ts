import type { Stats } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { callersPath } from "../../rehearsal/checkout";

/** One file that was found. */
export interface FoundFile {
  /** As it was named, or as the folder was that it stands in. */
  path: string;
  /** Path without links, by which a file is told from others. */
  realPath: string;
  bytes: Uint8Array;
}

/** What was found under one path. */
export interface FoundFiles {
  files: FoundFile[];
  /** Why something cannot be read. */
  faults: string[];
  /** What was passed over, with what to do instead. */
  hints: string[];
  /** The path is a chart that is not rendered. */
  isChart: boolean;
}

const EXTENSION = /\.(ya?ml|json)$/;

/** Folders that hold no manifests of one's own. */
const PASSED_OVER = new Set(["node_modules", ".git", ".github"]);

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  EACCES: "it is closed to you",
  EPERM: "it is closed to you",
  EROFS: "its file system is read-only",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
};

/** Reads a file, or the files of YAML and JSON in a folder; links are followed, to each folder once. */
export async function filesAt(path: string): Promise<FoundFiles> {
  const found: FoundFiles = { files: [], faults: [], hints: [], isChart: false };
  await attempt(found, path, async () => {
    if (!(await stat(callersPath(path))).isDirectory()) await addFile(found, path);
    else if (await isChart(path)) found.isChart = true;
    else await addFolder(found, path, new Set());
  });
  return found;
}

/** How to have a chart judged. */
export function renderHint(folder: string): string {
  return `render it: helm template ${folder} | mlstack check -`;
}

/** Why the system refused something, in a few words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return REASONS[code] ?? `the system says ${code === "" ? "no" : code}`;
}

async function addFolder(found: FoundFiles, folder: string, seen: Set<string>): Promise<void> {
  const realPath = await realpath(callersPath(folder));
  if (seen.has(realPath)) return;
  seen.add(realPath);
  if (await isChart(folder)) {
    found.hints.push(`${folder} is a chart and was passed over; ${renderHint(folder)}`);
    return;
  }
  for (const name of (await readdir(callersPath(folder))).toSorted()) {
    const path = join(folder, name);
    await attempt(found, path, async () => {
      const entry = await entryAt(path);
      if (entry === undefined) {
        if (EXTENSION.test(name)) found.hints.push(`${path} is a link that leads nowhere and was passed over`);
      } else if (entry.isDirectory() && !PASSED_OVER.has(name)) await addFolder(found, path, seen);
      else if (entry.isFile() && EXTENSION.test(name)) await addFile(found, path);
    });
  }
}

/** Undefined for a link that leads nowhere. */
async function entryAt(path: string): Promise<Stats | undefined> {
  try {
    return await stat(callersPath(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ELOOP") return undefined;
    throw error;
  }
}

async function addFile(found: FoundFiles, path: string): Promise<void> {
  const bytes = await readFile(callersPath(path));
  // Pipes, such as the shell makes of `<(command)`, have no path.
  const realPath = await realpath(callersPath(path)).catch(() => callersPath(path));
  found.files.push({ path, realPath, bytes });
}

async function isChart(folder: string): Promise<boolean> {
  return (await readdir(callersPath(folder))).includes("Chart.yaml");
}

async function attempt(found: FoundFiles, path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    found.faults.push(`${path}: ${reasonOf(error)}`);
  }
}
