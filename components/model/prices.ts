import { PRICE_CATALOGUE } from "./price-catalogue";

/** Day (ISO 8601) of the prices in each region that has any. */
export const PRICES_AS_OF: Record<string, string> = { "us-east-1": "2026-07-20", "us-west-2": "2026-01-21" };

const pricesByRegion = new Map([
  ["us-east-1", new Map(PRICE_CATALOGUE.map(([instanceType, usEast1]) => [instanceType, usEast1]))],
  ["us-west-2", new Map(PRICE_CATALOGUE.map(([instanceType, , usWest2]) => [instanceType, usWest2]))],
]);

/**
 * On-demand price of an instance type in USD per hour; undefined where the table has none for it in that region.
 *
 * Spot prices change by the hour and are in no table; this one is their ceiling, unless a request says otherwise.
 * Volumes, traffic and the control plane are billed beside it.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances.html "Pricing and savings"
 */
export function usdPerHour(instanceType: string, region: string): number | undefined {
  return pricesByRegion.get(region)?.get(instanceType);
}
