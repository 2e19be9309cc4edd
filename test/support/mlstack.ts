import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { checkoutRoot } from "../../rehearsal/checkout";

/** How a run of the command line ended. */
export interface Outcome {
  code: number | null;
  /** Standard output and standard error together. */
  output: string;
}

/** Runs the `mlstack` command as npm scripts do, on a state folder of its own. */
export function mlstack(state: string, ...args: string[]): Promise<Outcome> {
  return mlstackWith({ MLSTACK_STATE: state }, ...args);
}

/** Runs it with these environment variables beside those of this process. */
export async function mlstackWith(variables: Record<string, string>, ...args: string[]): Promise<Outcome> {
  const bootstrap = join(checkoutRoot(), "cli", "bootstrap.js");
  const child = spawn(process.execPath, [bootstrap, "mlstack", ...args], {
    cwd: checkoutRoot(),
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}
