import type { PlannedPool } from "../pools/planned-pool";
import { bareAmount } from "./amount-text";
import { counted, joined } from "./pool-words";

const MILLI = 1000;
const GIB = 1024 ** 3;

/** DaemonSets that are named; the rest is counted. */
const NAMED = 3;

/**
 * Where the machine has enough on paper: what becomes of it before pods have any. Empty where it has too little
 * anyway, or nothing tells what it has.
 */
export function overheadWords(resource: string, asked: number, pool: PlannedPool): string {
  const paper = onPaper(resource, pool);
  if (paper === undefined || paper < asked) return "";
  const byDaemons = pool.daemons
    .map(({ daemon, requests }) => ({ daemon, amount: requests.get(resource) ?? 0 }))
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => b.amount - a.amount);
  const daemons = byDaemons.reduce((sum, { amount }) => sum + amount, 0);
  const system = paper - (pool.free.get(resource) ?? 0) - daemons;
  const parts = [
    ...(system > 0 ? [`${bareAmount(resource, system, "up")} go to the system and the kubelet`] : []),
    ...(daemons > 0
      ? [`${bareAmount(resource, daemons, "up")} to ${daemonWords(byDaemons.map(({ daemon }) => daemon))}`]
      : []),
  ];
  return ` of its ${bareAmount(resource, paper, "down")}: ${joined(parts)}`;
}

/** What the machine has according to its instance type. */
function onPaper(resource: string, { shape }: PlannedPool): number | undefined {
  const { vcpus, memoryGib, ephemeralStorageGib } = shape;
  if (resource === "cpu") return typeof vcpus === "number" ? vcpus * MILLI : undefined;
  if (resource === "memory") return typeof memoryGib === "number" ? memoryGib * GIB : undefined;
  if (resource !== "ephemeral-storage" || typeof ephemeralStorageGib !== "number") return undefined;
  return ephemeralStorageGib * GIB;
}

function daemonWords(daemons: readonly string[]): string {
  const named = daemons.slice(0, NAMED);
  return joined(daemons.length > NAMED ? [...named, counted(daemons.length - NAMED, "more DaemonSet")] : named);
}
