import { setTimeout as sleep } from "node:timers/promises";

/** Requests that are under way at once: enough that the client is not what others wait for. */
const PARALLEL = 32;

/** How often it is asked whether something is so, in milliseconds. */
const INTERVAL = 200;

/** How long that may take by default, in milliseconds. */
const PATIENCE = 300_000;

/** Does some work for each item, several at once. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items].reverse();
  const worker = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

/** Waits until something is so. @throws Error where it is not in time. */
export async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  patience: number = PATIENCE,
): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`${what}: not so within ${patience / 1000} s`);
    await sleep(INTERVAL);
  }
}
