import type { Results } from "./results";

/** What every part of the benchmark works with. */
export interface Benchmark {
  /** How often each measurement is repeated, from 1. */
  runs: number;
  /** Folder for whatever a part writes; processes that it leaves and that name this folder are ended. */
  scratch: string;
  results: Results;
  /** Nodes and pods of the rehearsal, from 1. */
  scale: { nodes: number; pods: number };
}

/** Seconds that some work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
