import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * Keeps a cache from growing for ever: removes the files under a folder that were written longer ago than so many days. The
 * folder need not be there, and its folders stay, as other processes may write into them.
 */
export async function removeOldFiles(folder: string, days: number): Promise<void> {
  const oldest = Date.now() - days * 24 * 60 * 60 * 1000;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  for (const file of files) {
    // Another process may have removed it meanwhile.
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < oldest) await rm(file, { force: true });
  }
}
