import { CapacityType } from "../../components/model";
import type { PoolCost, Price } from "./cost";
import { OWN_PRICE } from "./node-prices";

/** What the figures of every stack mean. */
const ALWAYS = [
  "Idle counts the least nodes of each pool.",
  "Typical is the average over a week: at each time the least nodes of a pool, those that its schedules keep ready, or those " +
    "that services fill at their fewest replicas, whichever are most, and on top of these the nodes of repeated runs. Jobs " +
    "that run once are left out, and services and runs count no more nodes than the pool has at its peak.",
  "The ceiling counts the most nodes that each pool may have.",
  "A workload costs its pods' shares of their nodes, each by the resource of which the pod takes most, of as many pods as can " +
    "run at once. Those that wait at the peak count on the pools that are asked first for their nodes.",
  "A tenant costs nothing idle, and at the ceiling what its queues may have with all that they may borrow; without queues what " +
    "the quotas of its namespaces allow, and without these all that its workloads ask for.",
  "Nodes that may be of several instance types cost what the dearest of them does, unless Karpenter chooses the type by the " +
    "pods: then a node costs what its type does, and the ceiling is that of the dearest mix which the limits of the pool allow.",
  "Machines alone are counted: volumes, traffic, load balancers and the control plane come on top.",
];

const SPOT =
  "Spot prices change by the hour and from zone to zone: idle and typical count what the cheapest zone cost when the table " +
  "was made, the ceiling counts the on-demand price, which is the most that a spot machine costs, in pools of spot machines " +
  "alone as well.";

const RESERVED =
  "Machines of reservations and capacity blocks are paid for whether they are used or not, so that as many as the pool may " +
  "have count always, those of reservations at the on-demand price.";

/** What the costs of these pools mean and rest on, as sentences. */
export function assumptionsOf(pools: readonly PoolCost[]): string[] {
  const isBought = (...ways: CapacityType[]) =>
    pools.some(({ capacityType }) => ways.some((way) => way === capacityType));
  return [
    ...ALWAYS,
    ...(isBought(CapacityType.spot) ? [SPOT] : []),
    ...(isBought(CapacityType.reserved, CapacityType.capacityBlock) ? [RESERVED] : []),
    ...sourcesOf(pools),
  ];
}

function sourcesOf(pools: readonly PoolCost[]): string[] {
  const prices = pools
    .flatMap(({ price, ceilingPrice }) => [price, ceilingPrice])
    .filter((price) => price !== undefined);
  const sources = [...new Set(prices.map(sourceText))].sort();
  return sources.length === 0 ? [] : [`Prices are from: ${sources.join("; ")}.`];
}

function sourceText({ source, asOf }: Price): string {
  return source === OWN_PRICE ? source : `${source}, ${asOf}`;
}
