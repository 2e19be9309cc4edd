import type { Results } from "./results";

/** What every part of the benchmark works with. */
export interface Benchmark {
  /** How often each measurement is repeated, from 1. */
  runs: number;
  /** Folder for whatever a part writes; processes that it leaves and that name this folder are ended. */
  scratch: string;
  results: Results;
}

/** Seconds that some work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
