import { CapacityType, PRICES } from "../../../../components/model";
import { nodePricesOf, poolRegion } from "../../../../preflight/cost";
import { stackIndexOf, type StackIndex } from "../../../../preflight/pools/stack-index";
import { choice } from "../../../engine/parameters";
import { plannedPoolOf, type PlannedStack } from "../proofs/stack-plan";
import type { StackPool } from "../../stack/node-labels";

/** Region whose prices count for pools of which nothing tells the region. */
export const region = choice(
  "the region whose prices are told where nothing says in which a pool is: us-east-1 or us-west-2",
  "us-east-1",
  ["us-east-1", "us-west-2"],
);

/** What machines cost where a pool buys its own: in its region, and in its way. */
export interface MachineMarket {
  /** USD per hour of a machine of this type; undefined where the price is not known. */
  usdOf: (instanceType: string) => number | undefined;
  /** How messages tell a price of its machines: `at USD 4.02/h`, `at the spot price of USD 2.04/h`. */
  priceText: (usd: number) => string;
  region: string;
}

/** Tells of pools at which prices a plan counts their machines, and would count others in their place. */
export function marketsOf(planned: PlannedStack, otherwise: string): (pool: StackPool) => MachineMarket {
  const stack = stackIndexOf(planned.resources);
  return (pool) => marketOf(pool, planned, { stack, region: planned.plan.cost.region ?? otherwise });
}

function marketOf(
  { subject }: StackPool,
  { plan, market: { prices = PRICES } }: PlannedStack,
  { stack, region: stackRegion }: { stack: StackIndex; region: string },
): MachineMarket {
  const pool = plannedPoolOf(subject, plan)?.pool;
  const usdOf = (instanceType: string) => {
    if (pool === undefined) return undefined;
    const { usdPerNodeHour: _, ...shape } = pool.shape;
    const isOwn = shape.instanceType === instanceType;
    const asked = isOwn
      ? pool
      : { ...pool, resources: [], shape: { ...shape, instanceType, instanceTypes: [instanceType] } };
    const { usual } = nodePricesOf(asked, { prices, region: stackRegion, stack });
    return "missing" in usual ? undefined : usual.usdPerHour;
  };
  const isSpot = pool?.shape.capacityType === CapacityType.spot;
  return {
    usdOf,
    priceText: (usd) => `at ${isSpot ? "the spot price of " : ""}USD ${usd.toFixed(2)}/h`,
    region: (pool && poolRegion(pool, stackRegion)) ?? stackRegion,
  };
}
