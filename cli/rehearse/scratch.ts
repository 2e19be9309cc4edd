import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { endPulumiProcesses } from "../embedded-stack";

/** Signals by which people and machines stop a command. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A rehearsal was stopped from outside. */
export class Interrupted extends Error {}

/**
 * Runs something with a state folder of its own in place of the checkout's, which is gone afterwards with all of its
 * processes, also where the command is interrupted.
 *
 * @param isKept whether it is left behind.
 * @param use is given the folder, and a signal that says when to stop.
 * @throws {Interrupted} where a signal came.
 */
export async function withScratchState<Result>(
  isKept: boolean,
  use: (folder: string, stop: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "mlstack-rehearsal-"));
  const before = process.env["MLSTACK_STATE"];
  process.env["MLSTACK_STATE"] = folder;
  const stop = new AbortController();
  const interrupted = new Promise<never>((_, reject) => {
    stop.signal.addEventListener("abort", () => {
      reject(new Interrupted("the rehearsal was interrupted"));
    });
  });
  interrupted.catch(() => undefined);
  const interrupt = () => {
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  const work = use(folder, stop.signal);
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    if (!isKept) await removeState(folder);
    // Whoever does not want to wait for the rest may end the process.
    for (const signal of SIGNALS) process.off(signal, interrupt);
    if (stop.signal.aborted) {
      await work.catch(() => undefined);
      // What was under way may have started processes after that.
      if (!isKept) await removeState(folder);
    }
    if (before === undefined) delete process.env["MLSTACK_STATE"];
    else process.env["MLSTACK_STATE"] = before;
  }
}

async function removeState(folder: string): Promise<void> {
  await endPulumiProcesses();
  await new ControlPlane("").remove();
  await rm(folder, { recursive: true, force: true });
}
