import { type LiveProcess, liveProcesses } from "../../rehearsal/cluster/process-table";

/** Every other process whose command line names a folder. */
export async function processesMentioning(folder: string): Promise<LiveProcess[]> {
  return (await liveProcesses()).filter(({ pid, command }) => pid !== process.pid && command.includes(folder));
}
