import { readFile } from "node:fs/promises";
import type { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { type LiveProcess, liveProcesses } from "../../rehearsal/cluster/process-table";

/**
 * The most resident memory that each process of a cluster ever had, in MiB, as the kernel counts it; of controllers by the
 * namespace of their pods.
 */
export async function peakMemories(controlPlane: ControlPlane): Promise<[name: string, mebibytes: number][]> {
  const processes = (await controlPlane.status()).flatMap(({ name, pid }) =>
    pid === undefined ? [] : [[name, pid] as const],
  );
  const all = await liveProcesses();
  const supervisor = processes.find(([name]) => name === "supervisor")?.[1];
  const controllers = supervisor === undefined ? [] : leavesUnder(supervisor, all);
  const measured = [...processes, ...controllers.map(({ pid, command }) => [titleOf(command), pid] as const)];
  const peaks = await Promise.all(measured.map(async ([name, pid]) => [name, await peakOf(pid)] as const));
  const byName = new Map<string, number>();
  // Of two copies of a controller one leads, and does the work.
  for (const [name, peak] of peaks) byName.set(name, Math.max(peak, byName.get(name) ?? 0));
  return [...byName, ["all of these", [...byName.values()].reduce((sum, peak) => sum + peak, 0)]];
}

/** Programs that run in a sandbox, below what made it. */
function leavesUnder(pid: number, all: readonly LiveProcess[]): LiveProcess[] {
  const children = all.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => {
    const below = leavesUnder(child.pid, all);
    return below.length === 0 ? [child] : below;
  });
}

/** A controller by what its configuration is called after, else by its program. */
function titleOf(command: string): string {
  const known = ["kueue", "jobset"].find((name) => command.includes(name));
  return known ?? command.split(" ", 1)[0]!;
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}
