import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkoutRoot } from "../checkout";
import { Problem } from "../problem";

/** What is known of one chart, or set of manifests, that was pulled. */
export interface LockedSource {
  version: string;
  /** SHA-256 of the packed chart in hex, or the Git commit of manifests. */
  digest: string;
}

/** Charts and manifests by their names. */
export type Lock = Record<string, LockedSource>;

/** Where a checkout keeps what it once pulled; it belongs into Git. */
export function lockPath(): string {
  return join(checkoutRoot(), "stacks", "charts.lock.json");
}

/** Reads a lock file; none is an empty one. */
export async function readLock(path: string): Promise<Lock> {
  return existsSync(path) ? (JSON.parse(await readFile(path, "utf8")) as Lock) : {};
}

/** Writes a lock file with its entries in order. */
export async function writeLock(path: string, lock: Lock): Promise<void> {
  const entries = Object.entries(lock).sort(([a], [b]) => a.localeCompare(b));
  await writeFile(path, `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`);
}

/**
 * Checks what was pulled against what is known of it.
 *
 * @returns How it was known: by a digest in the sources, by the lock file, or not at all, so that it is from now on.
 * @throws {Problem} when it is another one.
 */
export function checkPulled(
  name: string,
  pulled: LockedSource,
  known: { pinned: string | undefined; told: string | undefined; locked: LockedSource | undefined },
): "pinned" | "locked" | "first seen" {
  const { pinned, told, locked } = known;
  const isLocked = locked?.version === pulled.version;
  const expectations: [string, string | undefined][] = [
    ["is told by its publisher", told],
    ["is pinned", pinned],
    ["is in the lock file", isLocked ? locked.digest : undefined],
  ];
  for (const [where, digest] of expectations) {
    if (digest === undefined || digest === pulled.digest) continue;
    throw new Problem(
      `${name} ${pulled.version} has the digest ${pulled.digest}, and ${digest} ${where}`,
      "Do not use it before you know why: a released version does not change.",
    );
  }
  return pinned !== undefined ? "pinned" : isLocked ? "locked" : "first seen";
}
