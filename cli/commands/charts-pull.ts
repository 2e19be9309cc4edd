import { resolve } from "node:path";
import { lockPath, readLock, writeLock } from "../../rehearsal/charts/lock-file";
import { pull, pullables, type Pulled } from "../../rehearsal/charts/pull";
import { table } from "../table";

/** Options of `mlstack charts pull`. */
export interface ChartsPullOptions {
  /** Folder of the mirror. */
  to: string;
  /** Names of what to pull; everything by default. */
  only: string[];
  /** Lock file in place of that of the checkout. */
  lock?: string;
}

/**
 * Fills a mirror with the charts and manifests of the platform, each by its exact version and digest.
 *
 * @param sources what there is, by its name in the mirror; everything that is pinned by default.
 * @throws {Problem} when something cannot be had or is another one; what came before it stays.
 */
export async function pullCharts(options: ChartsPullOptions, sources = pullables()): Promise<number> {
  const { to, only, lock: lockFile = lockPath() } = options;
  const mirror = resolve(to);
  const lock = await readLock(lockFile);
  const pulled: Pulled[] = [];
  try {
    for await (const each of pull({ mirror, lock, sources, ...(only.length === 0 ? {} : { only }) })) {
      process.stderr.write(`${each.name} ${each.version}: ${each.known}\n`);
      pulled.push(each);
    }
  } finally {
    if (pulled.some(({ known }) => known !== "there already")) await writeLock(lockFile, lock);
  }
  const rows = pulled.map(({ name, version, from, digest, known }) => [
    name,
    version,
    from,
    digest.slice(0, 12),
    known,
  ]);
  process.stdout.write(`${table(["name", "version", "from", "digest", "known"], rows)}\n`);
  const firstSeen = pulled.filter(({ known }) => known === "first seen").length;
  if (firstSeen > 0) process.stdout.write(`${firstSeen} seen for the first time: commit ${lockFile}.\n`);
  process.stdout.write(`Set chartMirror to ${mirror} to use them.\n`);
  return 0;
}
