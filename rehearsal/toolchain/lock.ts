import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { cacheFolder } from "./cache";

/** A holder that has not touched its lock for this long is dead; it touches it every two seconds while it lives. */
const STALE_MILLISECONDS = 10_000;

/**
 * Runs work while no other process runs work under the same name, on this machine and for this user.
 *
 * @param waiting Called once when another process holds the lock.
 */
export async function exclusively<T>(name: string, work: () => Promise<T>, waiting?: () => void): Promise<T> {
  const file = join(cacheFolder(), "locks", name);
  await mkdir(file, { recursive: true });
  const options = { stale: STALE_MILLISECONDS, update: 2000 };
  const release = await lock(file, options).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    waiting?.();
    return lock(file, { ...options, retries: { forever: true, minTimeout: 500, maxTimeout: 1000 } });
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
