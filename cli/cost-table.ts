import { stackRegionOf } from "../preflight/cost";
import { planOf } from "../preflight/plan";
import { money } from "./plan/words";
import type { PlannedResource } from "../preflight/planned-resource";
import { table } from "./table";

/**
 * What the machines of a stack cost, as a table: with the fewest nodes, on average over a week, and with the most.
 *
 * @returns undefined where the stack has no pools, or is in no region, so that nobody pays for them.
 */
export function costTable(resources: readonly PlannedResource[]): string | undefined {
  if (stackRegionOf(resources) === undefined) return undefined;
  const { pools, cost } = planOf(resources);
  if (pools.length === 0) return undefined;
  const rows = cost.pools.map(({ pool, instanceType, idle, typical, ceiling }, index) => {
    const { minNodes, maxNodes } = pools[index]!;
    const nodes = `${minNodes} to ${maxNodes ?? "unbounded"}`;
    return [pool, instanceType ?? "unknown", nodes, ...[idle, typical, ceiling].map(money)];
  });
  const { idle, typical, ceiling } = cost.environment;
  const isWhole = cost.pools.every((pool) => pool.ceiling !== undefined);
  const all = isWhole ? "all pools" : "pools with a known price";
  return [
    "Machines, USD per hour (control plane, network and storage come on top; `npm run plan` tells more):",
    table(
      ["pool", "instance type", "nodes", "idle", "typical", "ceiling"],
      [...rows, [all, "", "", ...[idle, typical, ceiling].map(money)]],
    ),
  ].join("\n");
}
