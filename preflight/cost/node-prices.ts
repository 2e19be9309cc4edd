import { CapacityType, childAt, isUnknown, type PriceRow, type Prices } from "../../components/model";
import type { PlannedPool } from "../pools/planned-pool";
import type { StackIndex } from "../pools/stack-index";
import type { Price } from "./cost";
import { poolRegion } from "./pool-region";

/** What a node of a pool costs; each price is missing for a reason, as a sentence without a period. */
export interface NodePrices {
  /** What is counted for a node that is there. */
  usual: Price | { missing: string };
  /** The most that a node costs. */
  most: Price | { missing: string };
}

/** Where and at what prices the machines of a stack are bought. */
export interface Market {
  prices: Prices;
  /** Region of pools whose zones do not tell it. */
  region: string | undefined;
  stack: StackIndex;
}

/** Prices that a machine may have, those that fit it best first; another one stands in where it is billed alike. */
const WAYS: Record<CapacityType, readonly CapacityType[]> = {
  [CapacityType.onDemand]: [CapacityType.onDemand],
  [CapacityType.spot]: [CapacityType.spot],
  // An on-demand reservation is billed at the on-demand price, used or not.
  [CapacityType.reserved]: [CapacityType.reserved, CapacityType.onDemand],
  [CapacityType.capacityBlock]: [CapacityType.capacityBlock],
};

const WORDS: Record<CapacityType, string> = {
  [CapacityType.onDemand]: "on-demand price",
  [CapacityType.spot]: "spot price",
  [CapacityType.reserved]: "on-demand price",
  [CapacityType.capacityBlock]: "price of a capacity block",
};

/** How reports call a price that the pool itself says. */
export const OWN_PRICE = "usdPerNodeHour of the pool";

/**
 * What a node of a pool costs, of the dearest type where it may be of several.
 *
 * Somebody's own prices go before what the pool itself says, and that before the tables. Pools that may buy in several ways
 * are counted on demand, which is the dearest. A spot machine costs at most as much as on demand.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-pricing-billing.html (reservations)
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances.html "Pricing and savings"
 */
export function nodePricesOf(pool: PlannedPool, market: Market): NodePrices {
  const capacityType = pool.shape.capacityType ?? CapacityType.onDemand;
  if (isUnknown(capacityType)) return alike({ missing: "how its machines are bought is not known yet" });
  if (capacityType !== CapacityType.spot) return alike(firmPrice(pool, market, capacityType));

  const spot = listedPrice(pool, market, CapacityType.spot);
  const onDemand = firmPrice(pool, market, CapacityType.onDemand);
  return { usual: spot, most: usdOf(spot) > usdOf(onDemand) ? spot : onDemand };
}

/** The price; undefined where it is missing. */
export function knownPrice(price: Price | { missing: string }): Price | undefined {
  return "missing" in price ? undefined : price;
}

function alike(price: Price | { missing: string }): NodePrices {
  return { usual: price, most: price };
}

/** USD per hour; no number, which is neither more nor less than any, where the price is missing. */
function usdOf(price: Price | { missing: string }): number {
  return knownPrice(price)?.usdPerHour ?? NaN;
}

/** A price that does not change by the hour, which the pool itself may say. */
function firmPrice(pool: PlannedPool, market: Market, capacityType: CapacityType): Price | { missing: string } {
  const own = ownPrice(pool, market.stack);
  if (own !== undefined && !isOverridden(pool, market, capacityType)) return own;
  const listed = listedPrice(pool, market, capacityType);
  const { usdPerNodeHour } = pool.shape;
  // What a component says of itself holds where nothing else tells the region.
  const isAstray = regionOf(pool, market) === undefined;
  const said = isAstray && WAYS[capacityType].includes(CapacityType.onDemand) && typeof usdPerNodeHour === "number";
  return said ? { usdPerHour: usdPerNodeHour, source: OWN_PRICE, asOf: "" } : listed;
}

function ownPrice(pool: PlannedPool, { byUrn }: StackIndex): Price | undefined {
  const said = pool.resources.map((urn) => childAt(byUrn.get(urn)?.properties, "usdPerNodeHour"));
  const usdPerHour = said.find((price) => typeof price === "number" && price >= 0);
  return typeof usdPerHour === "number" ? { usdPerHour, source: OWN_PRICE, asOf: "" } : undefined;
}

function isOverridden(pool: PlannedPool, market: Market, capacityType: CapacityType): boolean {
  const region = regionOf(pool, market) ?? "";
  return typesOf(pool).some((type) => {
    const row = rowOf(String(type), region, market, capacityType);
    return row !== undefined && market.prices.isOverride(row);
  });
}

function listedPrice(pool: PlannedPool, market: Market, capacityType: CapacityType): Price | { missing: string } {
  const types = typesOf(pool);
  const names = types.filter((type) => typeof type === "string");
  if (names.length < types.length) return { missing: "its instance type is not known yet" };
  if (names.length === 0) return { missing: "nothing is said of its instance type" };
  const region = regionOf(pool, market);
  if (region === undefined) return { missing: "nothing is said of its region" };
  const rows = names.map((type) => rowOf(type, region, market, capacityType));
  const without = names.filter((_, index) => rows[index] === undefined);
  if (without.length > 0) return { missing: `no ${WORDS[capacityType]} of ${listed(without)} in ${region} is known` };
  const { usdPerHour, source, asOf } = rows.reduce((a, b) => (b!.usdPerHour > a!.usdPerHour ? b : a))!;
  return { usdPerHour, source, asOf };
}

function rowOf(type: string, region: string, { prices }: Market, capacityType: CapacityType): PriceRow | undefined {
  const rows = WAYS[capacityType].map((way) => prices.find(type, region, way));
  return rows.find((row) => row !== undefined);
}

/** Every instance type that a node may have; a marker where it is not known yet. */
function typesOf({ shape }: PlannedPool): readonly unknown[] {
  const { instanceTypes, instanceType } = shape;
  if (isUnknown(instanceTypes)) return [instanceTypes];
  const types = instanceTypes ?? (instanceType === undefined ? [] : [instanceType]);
  return [...new Set(types)];
}

function regionOf(pool: PlannedPool, { region }: Market): string | undefined {
  return poolRegion(pool, region);
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}
