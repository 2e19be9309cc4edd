import { existsSync } from "node:fs";
import { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { printObjects } from "../summary";
import { table } from "../table";

/**
 * Shows the processes of the embedded control plane with port and memory, and what runs on it.
 *
 * @returns 0 when all is well or nothing was started, 1 when a process is not ready.
 */
export async function status(): Promise<number> {
  const layout = clusterLayout();
  if (!existsSync(layout.kubeconfig)) {
    process.stdout.write("The embedded control plane is not running in this checkout. Start it with: npm run up\n");
    return 0;
  }
  const processes = await new ControlPlane("").status();
  const rows = processes.map(({ name, state, pid, port, memoryMib }) => [
    name,
    state,
    pid === undefined ? "" : String(pid),
    port === undefined ? "" : `127.0.0.1:${port}`,
    memoryMib === undefined ? "" : `${memoryMib.toFixed(0)} MiB`,
  ]);
  process.stdout.write(`${table(["process", "state", "pid", "address", "memory"], rows)}\n`);
  const total = processes.reduce((sum, { memoryMib }) => sum + (memoryMib ?? 0), 0);
  process.stdout.write(`${total.toFixed(0)} MiB in all; logs: ${layout.logs}\n`);
  const unwell = processes.filter(({ state }) => state !== "ready");
  if (unwell.length > 0) {
    const names = unwell.map(({ name, state }) => `${name} (${state})`).join(", ");
    process.stdout.write(`\nNot well: ${names}. \`npm run up\` starts again what has died; no data is lost.\n`);
    return 1;
  }
  await printObjects(layout);
  return 0;
}
