import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { Problem } from "../problem";
import { cacheFolder } from "./cache";

/** A holder that has not touched its lock for this long is dead; it touches it every two seconds while it lives. */
const STALE_MILLISECONDS = 10_000;

/**
 * Runs work while no other process runs work under the same lock.
 *
 * @param file The lock; what stands there is made on demand. {@link userLock} names those that are one per user.
 * @param waiting Called once when another process holds the lock.
 * @throws {Problem} when another process took the lock over, because this one was stopped for too long.
 */
export async function exclusively<T>(file: string, work: () => Promise<T>, waiting?: () => void): Promise<T> {
  await mkdir(file, { recursive: true });
  let compromise: (problem: Problem) => void = () => undefined;
  const compromised = new Promise<never>((_, reject) => (compromise = reject));
  const options = {
    stale: STALE_MILLISECONDS,
    update: 2000,
    onCompromised: ({ message }: Error) => {
      compromise(new Problem(`the lock ${file} was lost: ${message}`, "Run the command again."));
    },
  };
  const release = await lock(file, options).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    waiting?.();
    return lock(file, { ...options, retries: { forever: true, minTimeout: 500, maxTimeout: 1000 } });
  });
  try {
    return await Promise.race([work(), compromised]);
  } finally {
    // A lock that was lost is not ours to release.
    await release().catch(() => undefined);
  }
}

/** Path of a lock that all checkouts of this user share. */
export function userLock(name: string): string {
  return join(cacheFolder(), "locks", name);
}
