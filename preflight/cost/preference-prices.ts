import { arrayAt, CapacityType, nodeAt, stringAt } from "../../components/model";
import type { PlannedPool } from "../pools/planned-pool";
import { KARPENTER_POOL_TYPE } from "../pools/pool-source";
import { knownPrice, type Market, nodePricesOf } from "./node-prices";

/** Pools with the prices by which whoever starts nodes prefers one machine to another, as far as they are known. */
export function withPreferencePrices(pools: readonly PlannedPool[], market: Market): PlannedPool[] {
  return pools.map((pool) => {
    const { machines } = pool;
    const isSpot = maySpot(pool, market);
    const priced = <Machine extends PlannedPool>(machine: Machine): Machine => {
      const price = preferencePrice(machine, market, isSpot);
      return price === undefined ? machine : { ...machine, preferencePrice: price };
    };
    return { ...priced(pool), ...(machines === undefined ? {} : { machines: machines.map(priced) }) };
  });
}

/**
 * Whether a NodePool may buy spot machines among others; these are the ones that Karpenter buys then.
 *
 * @see https://karpenter.sh/docs/concepts/nodepools/#capacity-type (v1.14)
 */
function maySpot({ resources, shape }: PlannedPool, { stack }: Market): boolean {
  const maker = resources.map((urn) => stack.byUrn.get(urn)).find((resource) => resource?.type === KARPENTER_POOL_TYPE);
  if (maker === undefined || shape.capacityType !== undefined) return false;
  const requirements = arrayAt(nodeAt(maker.properties, "spec.template.spec"), "requirements");
  return requirements.some(
    (each) =>
      stringAt(each, "key") === "karpenter.sh/capacity-type" &&
      stringAt(each, "operator") === "In" &&
      arrayAt(each, "values").includes(CapacityType.spot),
  );
}

function preferencePrice(machine: PlannedPool, market: Market, isSpot: boolean): number | undefined {
  const spot = { ...machine, shape: { ...machine.shape, capacityType: CapacityType.spot } };
  const price = isSpot ? knownPrice(nodePricesOf(spot, market).usual) : undefined;
  return (price ?? knownPrice(nodePricesOf(machine, market).usual))?.usdPerHour;
}
