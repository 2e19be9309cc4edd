import type { StackIndex } from "../pools/stack-index";
import type { TenantCost } from "./cost";
import { type Micros, sumOfAll, usdIfKnown } from "./money";
import type { PricedPool } from "./pool-costs";
import { tenantLimitsOf } from "./tenant-ceilings";
import type { PricedWorkload } from "./workload-costs";

/** What a tenant costs, and what is missing. */
export interface PricedTenant {
  cost: TenantCost;
  gaps: readonly string[];
}

/**
 * What each tenant costs, in the order of their namespaces.
 *
 * - Idle: nothing, as nodes that stand idle are nobody's.
 * - Typical: its services at their fewest replicas and its repeated runs, averaged over a week; of each pool no more than that
 *   typically costs.
 * - Ceiling: what its queues may have at most, and workloads that wait in none; without queues what the quotas of its
 *   namespaces allow, and without these all that its workloads ask for, of each pool no more than that may cost. Never more
 *   than all pools together.
 */
export function tenantCosts(
  stack: StackIndex,
  pools: readonly PricedPool[],
  workloads: readonly PricedWorkload[],
): PricedTenant[] {
  const limits = tenantLimitsOf(stack);
  const names = [...limits.names, ...workloads.flatMap(({ workload }) => workload.tenant ?? [])];
  const all = sumOfAll(pools.map(({ micros }) => micros.ceiling));
  return [...new Set(names)].map((tenant) => {
    const own = workloads.filter(({ workload }) => workload.tenant === tenant);
    const limited = limits.ceilingOf(tenant, pools);
    const unlimited = own.filter(({ workload }) =>
      limited === undefined ? true : limited.from === "queues" && workload.clusterQueue === undefined,
    );
    const asked = sumOfAll([...(limited === undefined ? [] : [limited.micros]), ceilingOf(unlimited, pools)]);
    const ceiling = asked === undefined ? undefined : Math.min(asked, all ?? Infinity);
    const typical = typicalOf(own, pools);
    return {
      cost: {
        tenant,
        idle: 0,
        typical: usdIfKnown(typical === undefined ? undefined : Math.min(typical, ceiling ?? Infinity)),
        ceiling: usdIfKnown(ceiling),
        ceilingFrom: limited?.from ?? "workloads",
      },
      gaps:
        ceiling === undefined ? [`tenant ${tenant}: ${unknownCeiling(limited?.micros, limited !== undefined)}`] : [],
    };
  });
}

/**
 * What some workloads cost typically, as far as it is known, on each pool no more than all do; undefined where nothing else than
 * nothing is known.
 */
function typicalOf(workloads: readonly PricedWorkload[], pools: readonly PricedPool[]): Micros | undefined {
  const known = workloads.flatMap(({ typical }) => typical ?? []);
  const sum = pools.reduce((all, { pool, micros }) => {
    const ofPool = known.reduce((total, costs) => total + (costs.get(pool.name) ?? 0), 0);
    return all + Math.min(ofPool, micros.typical ?? Infinity);
  }, 0);
  return sum === 0 && known.length < workloads.length ? undefined : sum;
}

/** What some workloads cost at most; those that do not fit into a pool together do not cost more than it. */
function ceilingOf(workloads: readonly PricedWorkload[], pools: readonly PricedPool[]): Micros | undefined {
  const ofPools = pools.map(({ pool, micros }) => {
    const asked = sumOfAll(workloads.map(({ ceilings }) => ceilings && (ceilings.get(pool.name) ?? 0)));
    return asked && Math.min(asked, micros.ceiling ?? Infinity);
  });
  return workloads.length === 0 ? 0 : sumOfAll(ofPools);
}

function unknownCeiling(limit: Micros | undefined, isLimited: boolean): string {
  const what = isLimited && limit === undefined ? "what it may have at most" : "what its workloads take";
  return `${what}, or a price of it, is not known`;
}
