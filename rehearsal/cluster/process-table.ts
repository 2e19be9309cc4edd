import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const exec = promisify(execFile);

/** How long a process may take to end by itself before it is killed, in milliseconds. */
const STOP_TIMEOUT = 10_000;

/** A process of this machine that is alive. */
export interface LiveProcess {
  pid: number;
  parent: number;
  /** Resident memory in MiB. */
  memoryMib: number;
  /** The whole command line; it begins with the path of the program as it was called. */
  command: string;
}

/** Looks a process up; undefined where it does not exist or is a zombie. */
export async function liveProcess(pid: number): Promise<LiveProcess | undefined> {
  if (process.platform === "linux") return fromProc(pid);
  return (await fromPs(["-p", String(pid)]))[0];
}

/** Every process of this machine that is alive. */
export async function liveProcesses(): Promise<LiveProcess[]> {
  if (process.platform !== "linux") return fromPs(["-ax"]);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => fromProc(Number(pid))));
  return found.filter((live) => live !== undefined);
}

/** Asks a process to end, waits for it, and kills it when it does not. */
export async function endProcess(pid: number): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT;
  signal(pid, "SIGTERM");
  while (await liveProcess(pid)) {
    if (Date.now() > deadline) signal(pid, "SIGKILL");
    await sleep(50);
  }
}

/** Kills a process and waits until it is gone. */
export async function killProcess(pid: number): Promise<void> {
  signal(pid, "SIGKILL");
  while (await liveProcess(pid)) await sleep(20);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function fromProc(pid: number): Promise<LiveProcess | undefined> {
  try {
    const [command, status] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "utf8"),
      readFile(`/proc/${pid}/status`, "utf8"),
    ]);
    // A zombie has no command line left.
    if (command === "") return undefined;
    const [parent, kib] = ["PPid", "VmRSS"].map((name) =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]),
    );
    return { pid, parent: parent ?? 0, memoryMib: (kib ?? 0) / 1024, command: command.replaceAll("\0", " ").trim() };
  } catch {
    return undefined;
  }
}

async function fromPs(selection: string[]): Promise<LiveProcess[]> {
  try {
    const { stdout } = await exec("ps", ["-ww", "-o", "pid=,ppid=,stat=,rss=,args=", ...selection]);
    return [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(.*)$/gm)].flatMap(
      ([, pid, parent, state, kib, command]) =>
        state?.startsWith("Z")
          ? []
          : [{ pid: Number(pid), parent: Number(parent), memoryMib: Number(kib) / 1024, command: command ?? "" }],
    );
  } catch {
    return [];
  }
}
