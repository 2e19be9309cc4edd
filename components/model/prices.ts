import { CapacityType } from "./pool-shape";
import { PRICE_CATALOGUE, type PriceRow } from "./price-catalogue";

export type { PriceRow } from "./price-catalogue";

/** Prices of machines, looked up by instance type, region and the way in which they are bought. */
export interface Prices {
  /** The price; undefined where there is none. Nothing stands in for it: reserved machines have a price of their own only. */
  find: (instanceType: string, region: string, capacityType: CapacityType) => PriceRow | undefined;
  /** Whether a price is somebody's own in place of that of the table. */
  isOverride: (row: PriceRow) => boolean;
}

/** Day (ISO 8601) of the on-demand prices in each region that has any. */
export const PRICES_AS_OF: Readonly<Record<string, string>> = Object.fromEntries(
  PRICE_CATALOGUE.flatMap(({ region, capacityType, asOf }) =>
    capacityType === CapacityType.onDemand ? [[region, asOf]] : [],
  ),
);

const byKey = new Map(PRICE_CATALOGUE.map((row) => [keyOf(row), row]));

/** Prices of the tables alone. */
export const PRICES: Prices = pricesWith([]);

/**
 * On-demand price of an instance type in USD per hour; undefined where the table has none for it in that region.
 *
 * It is also the most that a spot machine costs, unless a request says otherwise. Volumes, traffic and the control plane
 * are billed beside it.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances.html "Pricing and savings"
 */
export function usdPerHour(instanceType: string, region: string): number | undefined {
  return PRICES.find(instanceType, region, CapacityType.onDemand)?.usdPerHour;
}

/** Prices of the tables, and somebody's own in place of them or beside them; of several for one machine the last counts. */
export function pricesWith(overrides: readonly PriceRow[]): Prices {
  const own = new Map(overrides.map((row) => [keyOf(row), row]));
  return {
    find: (instanceType, region, capacityType) => {
      const key = keyOf({ instanceType, region, capacityType });
      return own.get(key) ?? byKey.get(key);
    },
    isOverride: (row) => own.get(keyOf(row)) === row,
  };
}

function keyOf({ instanceType, region, capacityType }: Pick<PriceRow, "instanceType" | "region" | "capacityType">) {
  return JSON.stringify([instanceType, region, capacityType]);
}
