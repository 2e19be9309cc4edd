import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { type LiveProcess, liveProcesses } from "../../rehearsal/cluster/process-table";

/**
 * The most resident memory that each process of a cluster ever had, in MiB, as the kernel counts it; controllers by the
 * names of their programs.
 */
export async function peakMemories(controlPlane: ControlPlane): Promise<[name: string, mebibytes: number][]> {
  const processes = (await controlPlane.status()).flatMap(({ name, pid }) =>
    pid === undefined ? [] : [[name, pid] as const],
  );
  const all = await liveProcesses();
  const supervisor = processes.find(([name]) => name === "supervisor")?.[1];
  const controllers = supervisor === undefined ? [] : await sandboxed(supervisor, all);
  const peaks = await Promise.all(
    [...processes, ...controllers].map(async ([name, pid]) => [name, await peakOf(pid)] as const),
  );
  const byName = new Map<string, number>();
  // Of two copies of a controller one leads, and does the work; the sum has both.
  for (const [name, peak] of peaks) byName.set(name, Math.max(peak, byName.get(name) ?? 0));
  return [...byName, ["all of these", peaks.reduce((sum, [, peak]) => sum + peak, 0)]];
}

/** Programs that run in a sandbox, below what made it, by the names of their binaries. */
async function sandboxed(pid: number, all: readonly LiveProcess[]): Promise<[name: string, pid: number][]> {
  const children = all.filter(({ parent }) => parent === pid);
  const found = children.map(async (child): Promise<[string, number][]> => {
    const [, description] = / inside (\S+)$/.exec(child.command) ?? [];
    const [program] = all.filter(({ parent }) => parent === child.pid);
    if (description === undefined || program === undefined) return sandboxed(child.pid, all);
    const { program: binary } = JSON.parse(await readFile(description, "utf8")) as { program: string };
    return [[basename(binary), program.pid]];
  });
  return (await Promise.all(found)).flat();
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}
