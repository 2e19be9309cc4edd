import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { liveProcess } from "../../rehearsal/cluster/process-table";

/** How often the memory of a command is looked at, in milliseconds. */
const INTERVAL = 20;

/** Exit codes of scanners that have done their work: 1 says that they found something. */
const DONE = [0, 1];

/** A command that has ended. */
export interface MeasuredCommand {
  /** What it printed on standard output. */
  output: string;
  seconds: number;
  /** The most resident memory that its first process was seen with; what that starts itself is not counted. */
  memoryMib: number;
}

/**
 * Runs a scanner in a folder and measures it.
 *
 * @throws {Error} with what it said when it ends otherwise than by reporting.
 */
export async function measureCommand(program: string, args: string[], folder: string): Promise<MeasuredCommand> {
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const output: Buffer[] = [];
  let complaints = "";
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-2000)));
  let seconds: number | undefined;
  const closed = once(child, "close").then(([code]: unknown[]) => {
    seconds = (performance.now() - started) / 1000;
    return code as number | null;
  });
  let memoryMib = 0;
  while (seconds === undefined) {
    memoryMib = Math.max(memoryMib, (await liveProcess(child.pid ?? 0))?.memoryMib ?? 0);
    await Promise.race([closed, sleep(INTERVAL)]);
  }
  const code = await closed;
  process.off("exit", kill);
  if (code === null || !DONE.includes(code)) throw new Error(`${program} ended with ${String(code)}: ${complaints}`);
  return { output: Buffer.concat(output).toString(), seconds, memoryMib };
}
