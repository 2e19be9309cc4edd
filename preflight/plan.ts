import { PRICES, type Prices } from "../components/model";
import { costOf, type StackCost, stackRegionOf, withPreferencePrices } from "./cost";
import { namespaceLabelsOf } from "./demand/namespace-labels";
import { namespaceQuotasOf, plannedQueuesOf, type Workload, workloadsOf } from "./demand";
import { packingOf, type Packing } from "./packing";
import { type PlacementProof, proofsOf } from "./placement";
import type { PlannedResource } from "./planned-resource";
import { type PlannedPool, plannedPools } from "./pools";
import { stackIndexOf } from "./pools/stack-index";
import { remarksOf } from "./remarks/remarks";

/** All that can be told of a stack before anything of it is started. */
export interface Plan {
  pools: PlannedPool[];
  workloads: Workload[];
  /** One for each set of pods, in the order of the workloads. */
  proofs: PlacementProof[];
  packing: Packing;
  cost: StackCost;
  /** What decides and is not told by the stack, or is told and not looked at; each a sentence. */
  remarks: string[];
}

/** What a plan takes from elsewhere. */
export interface PlanSettings {
  /** Prices of machines; those of the tables by default. */
  prices?: Prices;
  /** Region of pools whose zones do not tell it; that of the stack by default, where it says one. */
  region?: string | undefined;
}

/**
 * Plans a stack: where each set of pods can run, where all of them end up at their most, and what that costs.
 *
 * @param resources everything that the stack is made of, in any order.
 */
export function planOf(resources: readonly PlannedResource[], settings: PlanSettings = {}): Plan {
  const { prices = PRICES, region = stackRegionOf(resources) } = settings;
  const stack = stackIndexOf(resources);
  const pools = withPreferencePrices(plannedPools(resources), { prices, region, stack });
  const workloads = workloadsOf(resources);
  const limits = { queues: plannedQueuesOf(stack), quotas: namespaceQuotasOf(stack) };
  const namespaceLabels = namespaceLabelsOf(stack);
  const proofs = proofsOf(workloads, pools, limits, namespaceLabels);
  const packing = packingOf(workloads, pools, proofs, limits, namespaceLabels);
  const cost = costOf({
    resources,
    pools,
    workloads,
    proofs,
    packing,
    region,
    prices,
  });
  return { pools, workloads, proofs, packing, cost, remarks: remarksOf(stack, workloads) };
}
