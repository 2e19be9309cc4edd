import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { RenderingTimes } from "./rendering";

/** Checks and renders the workloads in an isolate of its own, and writes their objects into a file. */
export async function renderOnce(file: string): Promise<RenderingTimes> {
  const worker = new Worker(require.resolve("./rendering"), { workerData: file });
  const [times] = (await once(worker, "message")) as [RenderingTimes];
  return times;
}
