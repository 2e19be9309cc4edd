import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { checkoutRoot } from "../../rehearsal/checkout";
import type * as mix from "./mix";

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
const load = createRequire(join(checkoutRoot(), "plugin.js"));
// Components read files that lie beside their sources alone; with the plugin, sources can be loaded.
load("./plugin.js");
const { workloadMix } = load("./bench/workload-mix/mix.ts") as typeof mix;

const workloads = workloadMix();
const [problems, checks] = timed(() => workloads.flatMap(({ name, kind, args }) => kind.validate(name, args)));
if (problems.length > 0) throw new Error(problems.map(({ propertyPath }) => `${propertyPath} is wrong`).join("\n"));
const [objects, manifests] = timed(() => workloads.flatMap(({ name, kind, args }) => kind.manifests(name, args)));
writeFileSync(workerData as string, JSON.stringify(objects));
parentPort?.postMessage({ checks, manifests } satisfies RenderingTimes);

function timed<Result>(work: () => Result): [result: Result, milliseconds: number] {
  const started = performance.now();
  return [work(), performance.now() - started];
}
