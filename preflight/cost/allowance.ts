import { EFA_RESOURCE, isUnknown, type Unknown } from "../../components/model";
import type { PlannedPool } from "../pools/planned-pool";
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
export function devicesOf({ free }: PlannedPool): string[] {
  return [...free].flatMap(([name, amount]) =>
    amount > 0 && isExtendedResource(name) && name !== EFA_RESOURCE ? [name] : [],
  );
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
  const offers = parts.flatMap((part) => part.pools.map((priced) => offerOf(priced, part, resource)));
  if (offers.includes(undefined)) return undefined;
  const left = { total: total ?? Infinity, parts: new Map(parts.map((part) => [part, part.amount ?? Infinity])) };
  const dearestFirst = offers.map((offer) => offer!).sort((a, b) => b.usdPerUnit - a.usdPerUnit);
  return dearestFirst.reduce<Micros>((cost, { part, amount, usdPerUnit }) => {
    const ofPart = Number(left.parts.get(part));
    const taken = Math.max(0, Math.min(amount, ofPart, left.total));
    left.parts.set(part, ofPart - taken);
    left.total -= taken;
    return cost + costOfAmount(taken, usdPerUnit)!;
  }, 0);
}

/** What a pool has of a resource at its largest, and the most that a unit of it costs. */
function offerOf({ pool, prices, cost }: PricedPool, part: Allowance, resource: string) {
  const perNode = pool.free.get(resource) ?? 0;
  const price = knownPrice(prices.most);
  const nodes = cost.nodes.ceiling ?? Infinity;
  if (nodes === 0 || perNode === 0) return { part, amount: 0, usdPerUnit: 0 };
  return price && { part, amount: nodes * perNode, usdPerUnit: price.usdPerHour / perNode };
}
