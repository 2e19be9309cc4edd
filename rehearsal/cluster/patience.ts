import { setTimeout as sleep } from "node:timers/promises";
import { isPassing } from "./api-errors";

/** Milliseconds until something is tried again that the API server did not answer. */
const RETRY = 1000;

/** Asks again for as long as the API server is away. @throws what it answers otherwise; AbortError at the signal. */
export async function patiently<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await sleep(RETRY, undefined, { signal });
    }
  }
}
