import type { StackCost } from "../../preflight/cost";
import type { PriceOf } from "../../rehearsal/timeline/cost";

/** What a node of each pool costs, as preflight prices it: by its instance type where it may be of several. */
export function poolPrices({ pools }: Pick<StackCost, "pools">): PriceOf {
  return (node) => {
    const pool = pools.find((each) => each.pool === node.pool);
    const machine = pool?.machines?.find(({ instanceType }) => instanceType === node.instanceType);
    return (machine ?? pool)?.price?.usdPerHour;
  };
}
