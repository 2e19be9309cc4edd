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

/** How a run of an npm script ended. */
export interface ScriptOutcome extends Outcome {
  /** Standard output alone, without what the set-up of a checkout says. */
  printed: string;
}

/** Runs the `mlstack` command as npm scripts do, on a state folder of its own. */
export function mlstack(state: string, ...args: string[]): Promise<Outcome> {
  return mlstackWith({ MLSTACK_STATE: state }, ...args);
}

/** Runs it with these environment variables beside those of this process. */
export async function mlstackWith(variables: Record<string, string>, ...args: string[]): Promise<Outcome> {
  const { code, output } = await npmScript("mlstack", variables, ...args);
  return { code, output };
}

/** Runs the program of an npm script, such as `package`, with these environment variables beside those of this process. */
export async function npmScript(
  name: string,
  variables: Record<string, string>,
  ...args: string[]
): Promise<ScriptOutcome> {
  const bootstrap = join(checkoutRoot(), "cli", "bootstrap.js");
  const child = spawn(process.execPath, [bootstrap, name, ...args], {
    cwd: checkoutRoot(),
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, printed] = ["", ""];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output, printed };
}
