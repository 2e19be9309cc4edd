import { EFA_RESOURCE, isUnknown, type Unknown } from "../../components/model";
import { machinesOf, type PlannedPool } from "../pools/planned-pool";
import { isExtendedResource } from "../scheduling/resource-names";
import { costOfAmount, type Micros, sumOfAll } from "./money";
import { knownPrice } from "./node-prices";
import type { PricedPool } from "./pool-costs";

/** An amount of a resource that somebody may have of some pools; undefined where nothing bounds it. */
export interface Allowance {
  pools: readonly PricedPool[];
  amount: number | Unknown | undefined;
}

/** What somebody may have of a resource, pool by pool; none where the resource is not limited there. */
export interface ResourceAllowance {
  resource: string;
  parts: readonly Allowance[];
  /** The most of all parts together; undefined where nothing bounds it. */
  total: number | Unknown | undefined;
}

/** What nodes without devices are counted by. */
const PLAIN_RESOURCES = ["cpu", "memory"];

/** Devices of a pool by which its nodes are counted: its GPUs, whole or in parts, and not the network adapters. */
export function devicesOf(pool: PlannedPool): string[] {
  const offered = machinesOf(pool).flatMap(({ free }) => [...free]);
  const names = offered.flatMap(([name, amount]) =>
    amount > 0 && isExtendedResource(name) && name !== EFA_RESOURCE ? [name] : [],
  );
  return [...new Set(names)];
}

/** Every resource that some pool is counted by. */
export function countedResources(pools: readonly PricedPool[]): { devices: string[]; plain: readonly string[] } {
  return { devices: [...new Set(pools.flatMap(({ pool }) => devicesOf(pool)))], plain: PLAIN_RESOURCES };
}

/**
 * The most that allowances can cost: the devices of all kinds together, and beside them CPU or memory of nodes without
 * devices, whichever makes more of a node. Where a part may be of several pools, it is of the dearest.
 */
export function allowanceCost(allowances: {
  devices: readonly ResourceAllowance[];
  plain: readonly ResourceAllowance[];
}): Micros | undefined {
  const plain = allowances.plain.map(dearestCost);
  return sumOfAll([
    ...allowances.devices.map(dearestCost),
    plain.includes(undefined) ? undefined : Math.max(0, ...plain.map(Number)),
  ]);
}

/** Cost of an amount taken where a unit of it is dearest first, as far as pools and parts allow. */
function dearestCost({ resource, parts, total }: ResourceAllowance): Micros | undefined {
  if (isUnknown(total) || parts.some(({ amount }) => isUnknown(amount))) return undefined;
  const offers = parts.flatMap((part) => part.pools.flatMap((priced) => offersOf(priced, part, resource)));
  if (offers.includes(undefined)) return undefined;
  const left = { total: total ?? Infinity, parts: new Map(parts.map((part) => [part, part.amount ?? Infinity])) };
  const ofPools = new Map<PricedPool, Micros>();
  const dearestFirst = offers.map((offer) => offer!).sort((a, b) => b.usdPerUnit - a.usdPerUnit);
  return dearestFirst.reduce<Micros>((cost, { part, priced, amount, usdPerUnit }) => {
    const ofPart = Number(left.parts.get(part));
    const taken = Math.max(0, Math.min(amount, ofPart, left.total));
    left.parts.set(part, ofPart - taken);
    left.total -= taken;
    // Nodes of several types share what their pool may have, so that not all of them can be had.
    const before = ofPools.get(priced) ?? 0;
    const after = before + costOfAmount(taken, usdPerUnit)!;
    const most = priced.machines === undefined ? Infinity : (priced.micros.ceiling ?? Infinity);
    ofPools.set(priced, Math.min(after, most));
    return cost + Math.min(after, most) - before;
  }, 0);
}

/** What a pool has of a resource at its largest, and the most that a unit of it costs, of each of its machines. */
function offersOf(priced: PricedPool, part: Allowance, resource: string) {
  const { pool, prices, machines, cost } = priced;
  const kinds = machines?.map(({ machine, prices: own }) => ({
    free: machine.free,
    price: own.most,
    nodes: cost.nodes.ceiling === undefined ? Infinity : (machine.maxNodes ?? Infinity),
  }));
  const alike = [{ free: pool.free, price: prices.most, nodes: cost.nodes.ceiling ?? Infinity }];
  return (kinds ?? alike).map(({ free, price, nodes }) => {
    const perNode = free.get(resource) ?? 0;
    const known = knownPrice(price);
    if (nodes === 0 || perNode === 0) return { part, priced, amount: 0, usdPerUnit: 0 };
    return known && { part, priced, amount: nodes * perNode, usdPerUnit: known.usdPerHour / perNode };
  });
}
