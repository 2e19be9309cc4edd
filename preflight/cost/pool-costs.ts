import { CapacityType, isUnknown, type ToldPoolShape } from "../../components/model";
import { machinesOf, type PlannedPool } from "../pools/planned-pool";
import type { HourlyCost, PaidNodes, PoolCost } from "./cost";
import { mixCost, type PricedMachine } from "./machine-costs";
import { costOfAmount, type Micros, sumOfAll, usdIfKnown } from "./money";
import { knownPrice, type NodePrices } from "./node-prices";
import type { PoolDemand } from "./pool-demand";
import { nodeMinutes, type PoolReadiness } from "./ready-hours";
import { MINUTES_PER_WEEK } from "./week-times";

/** What a pool costs, in the report's terms and in millionths, with what is missing. */
export interface PricedPool {
  pool: PlannedPool;
  prices: NodePrices;
  /** Each of its machines, where nodes may be of several types that are chosen by the pods. */
  machines?: readonly PricedMachine[] | undefined;
  cost: PoolCost;
  micros: Record<keyof HourlyCost, Micros | undefined>;
  gaps: readonly string[];
}

/** Ways to buy machines that are paid for whether anything runs on them or not. */
const PAID_BEFOREHAND: readonly unknown[] = [CapacityType.reserved, CapacityType.capacityBlock];

const SECONDS_PER_WEEK = MINUTES_PER_WEEK * 60;

/**
 * What a pool costs.
 *
 * - Idle: its least nodes.
 * - Typical: at each time of the week the least nodes, those that a schedule keeps ready, or those that services fill at their
 *   fewest replicas, whichever are most; and on top of these the nodes of repeated runs, averaged over the week. What
 *   services and runs take is never more than the nodes of the packed peak.
 * - Ceiling: its most nodes, each at the most that it costs; where they may be of several types that are chosen by the
 *   pods, the dearest of all mixes that its limits allow.
 *
 * Machines of reservations and capacity blocks are paid for as long as these last, so all of the pool's nodes count always.
 */
export function poolCost(
  pool: PlannedPool,
  prices: NodePrices,
  readiness: PoolReadiness,
  demandOf: (machine: PlannedPool) => PoolDemand,
  machines?: readonly PricedMachine[],
): PricedPool {
  const demands = machinesOf(pool).map(demandOf);
  const nodes = paidNodes(pool, readiness, {
    serviceNodes: demands.reduce((sum, { serviceNodes }) => sum + serviceNodes, 0),
    runNodeSeconds: demands.reduce((sum, { runNodeSeconds }) => sum + runNodeSeconds, 0),
    peak: demands.reduce((sum, { peak }) => sum + peak, 0),
  });
  const [price, ceilingPrice] = [knownPrice(prices.usual), knownPrice(prices.most)];
  const mix = machines === undefined ? undefined : mixCost(pool, machines);
  const plain = {
    idle: costOfAmount(nodes.idle, price?.usdPerHour),
    typical: costOfAmount(nodes.typical, price?.usdPerHour),
    ceiling: costOfAmount(nodes.ceiling, ceilingPrice?.usdPerHour),
  };
  const micros = machines === undefined ? plain : mixedMicros(pool, plain, nodes, machines, demands, mix!.ceiling);
  const missing = [prices.usual, prices.most].flatMap((each) => ("missing" in each ? [each.missing] : []))[0];
  const { instanceType, capacityType } = pool.shape;
  return {
    pool,
    prices,
    machines,
    micros,
    cost: {
      pool: pool.name,
      instanceType: isUnknown(instanceType) ? undefined : instanceType,
      capacityType: isUnknown(capacityType) ? undefined : capacityType,
      idle: usdIfKnown(micros.idle),
      typical: usdIfKnown(micros.typical),
      ceiling: usdIfKnown(micros.ceiling),
      nodes,
      price,
      ceilingPrice,
      ...(mix === undefined ? {} : { machines: mix.machines }),
      ...(missing === undefined ? {} : { missing }),
    },
    gaps: [
      ...countGaps(pool),
      ...(Object.values(micros).includes(undefined) ? missingPrices(prices) : []),
      ...readiness.unread,
    ].map((gap) => `pool ${pool.name}: ${gap}`),
  };
}

/** Costs of a pool of several types: each node costs what its type does, those that stand ready what the dearest does. */
function mixedMicros(
  pool: PlannedPool,
  ofDearest: PricedPool["micros"],
  nodes: PaidNodes,
  machines: readonly PricedMachine[],
  demands: readonly PoolDemand[],
  mostOfMix: Micros | undefined,
): PricedPool["micros"] {
  const ceiling = nodes.ceiling === undefined ? undefined : nodes.ceiling === 0 ? 0 : mostOfMix;
  if (isPaidBeforehand(pool)) return { idle: ceiling, typical: ceiling, ceiling };
  if (nodes.typical === undefined) return { ...ofDearest, ceiling };
  const used = demands.map(({ serviceNodes, runNodeSeconds }) => serviceNodes + runNodeSeconds / SECONDS_PER_WEEK);
  const ready = Math.max(0, nodes.typical - used.reduce((sum, each) => sum + each, 0));
  const dearest = Math.max(...machines.map(({ prices }) => knownPrice(prices.usual)?.usdPerHour ?? NaN));
  const typical = sumOfAll([
    ...machines.map(({ prices }, at) => costOfAmount(used[at], knownPrice(prices.usual)?.usdPerHour)),
    costOfAmount(ready, Number.isNaN(dearest) ? undefined : dearest),
  ]);
  return { idle: ofDearest.idle, typical: typical && Math.min(typical, ceiling ?? Infinity), ceiling };
}

function paidNodes(pool: PlannedPool, { hours }: PoolReadiness, demand: PoolDemand): PaidNodes {
  const isKnown = !isUncertain(pool, "minNodes");
  const most = isUncertain(pool, "maxNodes") ? undefined : (pool.maxNodes ?? Infinity);
  if (isPaidBeforehand(pool)) {
    const reserved = most === Infinity ? undefined : most;
    return { idle: reserved, typical: reserved, ceiling: reserved };
  }
  const bound = most ?? Infinity;
  const least = Math.min(pool.minNodes, bound);
  const standing = nodeMinutes(hours, Math.max(least, demand.serviceNodes), bound) / MINUTES_PER_WEEK;
  const withRuns = standing + demand.runNodeSeconds / SECONDS_PER_WEEK;
  return {
    idle: isKnown ? least : undefined,
    typical: isKnown ? Math.min(bound, Math.max(standing, Math.min(demand.peak, withRuns))) : undefined,
    ceiling: most,
  };
}

function countGaps(pool: PlannedPool): string[] {
  const unknown = (["minNodes", "maxNodes"] as const).filter((property) => isUncertain(pool, property));
  const gaps = unknown.map((property) => `its ${property} is not known yet`);
  const isOpen = isPaidBeforehand(pool) && pool.maxNodes === undefined && !unknown.includes("maxNodes");
  return isOpen ? [...gaps, "how many machines are reserved for it is not known"] : gaps;
}

function isPaidBeforehand({ shape }: PlannedPool): boolean {
  return PAID_BEFOREHAND.includes(shape.capacityType);
}

function missingPrices({ usual, most }: NodePrices): string[] {
  return [...new Set([usual, most].flatMap((price) => ("missing" in price ? [price.missing] : [])))];
}

function isUncertain({ unknowns }: PlannedPool, property: keyof ToldPoolShape): boolean {
  return unknowns.some((unknown) => unknown.property === property);
}
