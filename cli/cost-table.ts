import { readFile } from "node:fs/promises";
import { table } from "./table";

/** One pool as the program of a stack tells of it in its output `pools`. */
interface PoolOutput {
  name: string;
  instanceType: string;
  gpusPerNode: number;
  nodes: number;
  maxNodes: number;
  usdPerHour?: { least: number; most: number };
}

interface EngineEvent {
  resOutputsEvent?: { metadata: { type: string; new?: { outputs?: { pools?: PoolOutput[] } } } };
}

/**
 * What the machines of a stack cost, as a table: with the fewest nodes and at the ceiling of each pool.
 *
 * @param eventLog file with the events of an engine, one JSON object a line.
 * @returns undefined where the stack pays for no machine, or its pools were not planned.
 */
export async function costTable(eventLog: string): Promise<string | undefined> {
  const pools = plannedPools(await readFile(eventLog, "utf8").catch(() => ""));
  const paid = pools.filter(({ usdPerHour }) => usdPerHour !== undefined);
  if (paid.length === 0) return undefined;
  const rows = pools.map(({ name, instanceType, gpusPerNode, nodes, maxNodes, usdPerHour }) => [
    name,
    instanceType,
    `${nodes} to ${maxNodes}`,
    `${nodes * gpusPerNode} to ${maxNodes * gpusPerNode}`,
    usd(usdPerHour?.least),
    usd(usdPerHour?.most),
  ]);
  const total = (bound: "least" | "most") => paid.reduce((sum, { usdPerHour }) => sum + usdPerHour![bound], 0);
  const all = paid.length === pools.length ? "all pools" : "pools with a known price";
  return [
    "Machines, USD per hour at on-demand prices (control plane, network and storage come on top):",
    table(
      ["pool", "instance type", "nodes", "GPUs", "idle", "ceiling"],
      [...rows, [all, "", "", "", usd(total("least")), usd(total("most"))]],
    ),
  ].join("\n");
}

/** The stack's outputs are told once, when its program has ended. */
function plannedPools(log: string): PoolOutput[] {
  const events = log
    .split("\n")
    .filter((line) => line.includes("pulumi:pulumi:Stack"))
    .map((line) => (JSON.parse(line) as EngineEvent).resOutputsEvent?.metadata);
  return events.findLast((metadata) => metadata?.type === "pulumi:pulumi:Stack")?.new?.outputs?.pools ?? [];
}

function usd(amount: number | undefined): string {
  return amount === undefined ? "unknown" : amount.toFixed(2);
}
