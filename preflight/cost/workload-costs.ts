import type { DemandedPodSet, Workload } from "../demand/workload";
import type { WorkloadCost } from "./cost";
import { type Micros, microsOf, usdIfKnown } from "./money";
import { knownPrice } from "./node-prices";
import type { Placement } from "./placements";
import { leastPlacements, weeklyHours } from "./pool-demand";
import type { PricedPool } from "./pool-costs";

/** What a workload costs, in the report's terms and in millionths per hour, with what is missing. */
export interface PricedWorkload {
  workload: Workload;
  cost: WorkloadCost;
  /** On average over a week, by the name of the pool; undefined where it is not known. */
  typical: ReadonlyMap<string, Micros> | undefined;
  /** While all of its pods run, at the most that nodes cost, by the name of the pool; undefined where it is not known. */
  ceilings: ReadonlyMap<string, Micros> | undefined;
  gaps: readonly string[];
}

const HOURS_PER_WEEK = 7 * 24;

/**
 * What a workload costs: each pod that can run at once its share of a node, by the resource of which it takes most, and never
 * more than its pools may. What is idle beside it is the pool's.
 */
export function workloadCost(
  workload: Workload,
  placements: ReadonlyMap<DemandedPodSet, Placement[]>,
  pools: ReadonlyMap<string, PricedPool>,
): PricedWorkload {
  const { resource, title, tenant, timing, podSets } = workload;
  const lost = podSets.filter((set) => !placements.has(set));
  const all = lost.length > 0 ? undefined : podSets.flatMap((set) => placements.get(set)!);
  const neverRuns = podSets.some((set) => placements.get(set)?.length === 0);
  const whole = all && costOf(all, pools, "usual");
  const perHour = neverRuns ? undefined : whole;
  const { hours, hoursFrom, trials, runsAtOnce = 1 } = timing;
  const sideBySide = trials?.parallel ?? runsAtOnce;
  const perRun = perHour === undefined || hours === undefined ? undefined : Math.round((perHour * hours) / sideBySide);
  const perTrial = trials === undefined ? undefined : perRun;
  return {
    workload,
    typical: all && typicalCosts(workload, all, placements, pools),
    ceilings: all && costsByPool(all, pools, "most"),
    cost: {
      urn: resource.urn,
      title,
      tenant,
      usdPerHour: usdIfKnown(perHour),
      usdPerRun: usdIfKnown(perRun),
      hours,
      hoursFrom,
      usdPerTrial: usdIfKnown(perTrial),
      usdPerSweep: usdIfKnown(perTrial === undefined ? undefined : perTrial * trials!.total),
    },
    gaps: lost.map((set) =>
      set.count === undefined
        ? `${set.title}: how many pods it has is not known`
        : `${set.title}: where its pods can run is not known`,
    ),
  };
}

function typicalCosts(
  workload: Workload,
  all: readonly Placement[],
  placements: ReadonlyMap<DemandedPodSet, Placement[]>,
  pools: ReadonlyMap<string, PricedPool>,
): Map<string, Micros> | undefined {
  const { kind, runsAtOnce = 1 } = workload.timing;
  if (kind === "once") return new Map();
  if (kind === "always") return costsByPool(leastPlacements(workload, placements), pools, "usual");
  const hours = weeklyHours(workload);
  if (hours === 0) return new Map();
  const whole = costsByPool(all, pools, "usual");
  if (whole === undefined || hours === undefined) return undefined;
  const part = hours / (HOURS_PER_WEEK * runsAtOnce);
  return new Map([...whole].map(([pool, cost]) => [pool, Math.round(cost * part)]));
}

/** What pods cost, on each pool no more than this may. */
function costOf(
  placements: readonly Placement[],
  pools: ReadonlyMap<string, PricedPool>,
  which: "usual" | "most",
): Micros | undefined {
  const byPool = costsByPool(placements, pools, which);
  return byPool && [...byPool.values()].reduce((sum, cost) => sum + cost, 0);
}

function costsByPool(
  placements: readonly Placement[],
  pools: ReadonlyMap<string, PricedPool>,
  which: "usual" | "most",
): Map<string, Micros> | undefined {
  const byPool = new Map<string, Micros>();
  for (const { pool, machine, pods, share } of placements) {
    const { prices, machines, micros } = pools.get(pool.name)!;
    const own = machines?.find((each) => each.machine === machine)?.prices ?? prices;
    const price = knownPrice(own[which]);
    if (price === undefined) return undefined;
    const cost = (byPool.get(pool.name) ?? 0) + microsOf(pods * share * price.usdPerHour);
    byPool.set(pool.name, Math.min(cost, micros.ceiling ?? Infinity));
  }
  return byPool;
}
