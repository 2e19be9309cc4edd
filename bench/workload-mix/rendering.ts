import { writeFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { Manifest } from "../../components/workloads/object";
import { workloadMix } from "./mix";

/** What checking and rendering the mix takes, in milliseconds. */
export interface RenderingTimes {
  /** To check the arguments. */
  checks: number;
  /** To render the objects from them. */
  manifests: number;
}

/*
 * A worker that checks and renders the mix once, in an isolate as young as that of a program, and leaves the objects in
 * the file that its data names.
 */
const workloads = workloadMix();
const checks = milliseconds(() => {
  const problems = workloads.flatMap(({ name, kind, args }) => kind.validate(name, args));
  if (problems.length > 0)
    throw new Error(problems.map(({ propertyPath, reason }) => `${propertyPath} ${reason}`).join("\n"));
});
let objects: Manifest[] = [];
const manifests = milliseconds(() => {
  objects = workloads.flatMap(({ name, kind, args }) => kind.manifests(name, args));
});
writeFileSync(workerData as string, JSON.stringify(objects));
parentPort?.postMessage({ checks, manifests } satisfies RenderingTimes);

function milliseconds(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
