import { PRICES, type Prices } from "../../components/model";
import type { Workload } from "../demand/workload";
import type { PlannedResource } from "../planned-resource";
import type { PlannedPool } from "../pools/planned-pool";
import { stackIndexOf } from "../pools/stack-index";
import { assumptionsOf } from "./assumptions";
import type { HourlyCost, StackCost } from "./cost";
import { pricedMachines } from "./machine-costs";
import { sumOfKnown, usdIfKnown } from "./money";
import { nodePricesOf } from "./node-prices";
import { peakNodesOf } from "./peak-nodes";
import { placementsOf, type Placing } from "./placements";
import { poolCost, type PricedPool } from "./pool-costs";
import { weeklyDemand } from "./pool-demand";
import { readinessOf } from "./ready-hours";
import { tenantCosts } from "./tenant-costs";
import { workloadCost } from "./workload-costs";

/** What the cost of a stack is made from. */
export interface CostInput extends Placing {
  /** All resources of the stack. */
  resources: readonly PlannedResource[];
  /** Prices of machines; those of the tables by default. */
  prices?: Prices;
  /** Region of pools whose zones do not tell it. */
  region: string | undefined;
}

/**
 * What a stack costs: idle, on average over a week, and at most.
 *
 * What has no price, or is not known yet, is left out of sums and named in the gaps. See {@link StackCost.assumptions} for what
 * the figures mean.
 */
export function costOf(input: CostInput): StackCost {
  const { resources, prices = PRICES, region, workloads } = input;
  const stack = stackIndexOf(resources);
  const placements = placementsOf(input);
  const demand = weeklyDemand(
    workloads.filter(isNotOfPool(input.pools)),
    placements,
    peakNodesOf(input.pools, input.packing),
  );
  const market = { prices, region, stack };
  const pools = input.pools.map((pool) =>
    poolCost(pool, nodePricesOf(pool, market), readinessOf(pool, stack), demand.of, pricedMachines(pool, market)),
  );
  const byName = new Map(pools.map((priced) => [priced.pool.name, priced]));
  const pricedWorkloads = workloads.map((workload) => workloadCost(workload, placements, byName));
  const tenants = tenantCosts(stack, pools, pricedWorkloads);
  const poolCosts = pools.map(({ cost }) => cost);
  return {
    region,
    environment: environmentCost(pools),
    pools: poolCosts,
    workloads: pricedWorkloads.map(({ cost }) => cost),
    tenants: tenants.map(({ cost }) => cost),
    gaps: [...new Set([...pools, ...pricedWorkloads, demand, ...tenants].flatMap(({ gaps }) => gaps))],
    assumptions: assumptionsOf(poolCosts),
  };
}

/** What keeps the nodes of a pool's schedules ready is part of the pool, whose schedules count already. */
function isNotOfPool(pools: readonly PlannedPool[]): (workload: Workload) => boolean {
  const makers = new Set<string | undefined>(pools.flatMap(({ resources }) => resources));
  return ({ resource: { parent } }) => !makers.has(parent);
}

function environmentCost(pools: readonly PricedPool[]): HourlyCost {
  const total = (figure: keyof HourlyCost) => usdIfKnown(sumOfKnown(pools.map(({ micros }) => micros[figure])));
  return { idle: total("idle"), typical: total("typical"), ceiling: total("ceiling") };
}
