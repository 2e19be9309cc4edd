import { bestMix } from "../pools/machine-mix";
import type { PlannedMachine, PlannedPool } from "../pools/planned-pool";
import type { MachineCost } from "./cost";
import { type Micros, microsOf } from "./money";
import { knownPrice, type Market, type NodePrices, nodePricesOf } from "./node-prices";

/** One of the machines that nodes of a pool may be, with its prices. */
export interface PricedMachine {
  machine: PlannedMachine;
  prices: NodePrices;
}

/** The machines of a pool with their prices; undefined where it has one alone. */
export function pricedMachines({ machines }: PlannedPool, market: Market): PricedMachine[] | undefined {
  return machines?.map((machine) => ({ machine, prices: nodePricesOf(machine, market) }));
}

/** What a pool whose nodes may be of several types costs at its dearest. */
export interface MixCost {
  /** Undefined where a price is missing; `Infinity` where nothing bounds the nodes. */
  ceiling: Micros | undefined;
  machines: readonly MachineCost[];
}

/**
 * The most that nodes of several types can cost together under the limits that they share: often many small ones cost
 * more than the few of the dearest type that fit.
 */
export function mixCost({ limits = [] }: PlannedPool, machines: readonly PricedMachine[]): MixCost {
  const prices = machines.map(({ prices: { most } }) => knownPrice(most)?.usdPerHour);
  const uses = machines.map(({ machine }) => machine.uses);
  const isKnown = !prices.includes(undefined);
  const dearest = isKnown
    ? bestMix(
        prices.map((usd) => microsOf(usd!)),
        uses,
        limits,
      )
    : undefined;
  return {
    ceiling: dearest?.bound,
    machines: machines.map(({ machine, prices: { usual, most } }, at) => ({
      instanceType: machine.instanceType,
      price: knownPrice(usual),
      ceilingPrice: knownPrice(most),
      mostNodes: machine.maxNodes ?? Infinity,
      ceilingNodes: dearest?.nodes[at],
    })),
  };
}
