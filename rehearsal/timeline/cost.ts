import { grouped } from "./grouping";
import type { NodeSpan, Step } from "./timeline";

/** Seconds of an hour. */
const HOUR = 3600;

/** What nodes cost during a rehearsal; USD. */
export interface RehearsalCost {
  /** Of all nodes whose price is known. */
  usd: number;
  /** Hour by hour of the scenario; the last one may be cut off. */
  hours: { hour: number; usd: number }[];
  /** USD per hour, from each moment at which it changed. */
  rate: Step[];
  pools: { pool: string; instanceType: string; usdPerHour?: number; nodeHours: number; usd?: number }[];
}

/** What a node costs per hour in USD; undefined where no price is known. */
export type PriceOf = (node: Pick<NodeSpan, "pool" | "instanceType" | "capacityType">) => number | undefined;

/**
 * What the nodes of a rehearsal cost, each from when it was there until it was gone: clouds bill machines by the second.
 *
 * @param ends length of the rehearsal in seconds of the scenario.
 * @see https://aws.amazon.com/ec2/pricing/on-demand/ ("billed per second" for Linux, with a minute at least)
 */
export function rehearsalCost(nodes: readonly NodeSpan[], ends: number, priceOf: PriceOf): RehearsalCost {
  const priced = nodes.map((node) => ({ ...node, until: Math.min(node.to ?? ends, ends), price: priceOf(node) }));
  const between = (from: number, to: number) =>
    priced.reduce((sum, node) => sum + (node.price ?? 0) * (overlap(node.from, node.until, from, to) / HOUR), 0);
  const hours = Array.from({ length: Math.ceil(ends / HOUR) }, (_, hour) => ({
    hour,
    usd: between(hour * HOUR, (hour + 1) * HOUR),
  }));
  return { usd: between(0, ends), hours, rate: rateOf(priced), pools: poolCosts(priced) };
}

interface PricedNode extends NodeSpan {
  until: number;
  price: number | undefined;
}

function rateOf(nodes: readonly PricedNode[]): Step[] {
  const moments = [...new Set([0, ...nodes.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to]))])];
  return moments
    .sort((a, b) => a - b)
    .map((at) => ({
      at,
      value: nodes.reduce((sum, { from, to = Infinity, price = 0 }) => sum + (from <= at && at < to ? price : 0), 0),
    }));
}

function poolCosts(nodes: readonly PricedNode[]): RehearsalCost["pools"] {
  const groups = grouped(nodes, ({ pool, instanceType, capacityType }) => `${pool} ${instanceType} ${capacityType}`);
  return [...groups.values()].map((group) => {
    const { pool, instanceType, price } = group[0]!;
    const nodeHours = group.reduce((sum, { from, until }) => sum + Math.max(0, until - from), 0) / HOUR;
    return {
      pool,
      instanceType,
      nodeHours,
      ...(price === undefined ? {} : { usdPerHour: price, usd: price * nodeHours }),
    };
  });
}

function overlap(from: number, to: number, begins: number, ends: number): number {
  return Math.max(0, Math.min(to, ends) - Math.max(from, begins));
}
