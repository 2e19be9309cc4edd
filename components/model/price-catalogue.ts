import { CapacityType } from "./pool-shape";
import { ON_DEMAND_COLUMNS, ON_DEMAND_PRICES } from "./price-catalogue-on-demand";
import { SPOT_COLUMNS, SPOT_PRICES } from "./price-catalogue-spot";
import { PRICE_SOURCES } from "./price-sources";
import type { PriceColumn, PriceTable } from "./price-table";

/** Price of a machine in one region, bought in one way. */
export interface PriceRow {
  /** EC2 instance type, for example `g5.xlarge`. */
  instanceType: string;
  /** Region, for example `us-east-1`. */
  region: string;
  /** How the machine is bought. */
  capacityType: CapacityType;
  usdPerHour: number;
  /** Where the price is from, as reports name it. */
  source: string;
  /** Day (ISO 8601) of the price. */
  asOf: string;
}

/** Every price of the tables. */
export const PRICE_CATALOGUE: readonly PriceRow[] = [
  ...rowsOf(CapacityType.onDemand, ON_DEMAND_COLUMNS, ON_DEMAND_PRICES),
  ...rowsOf(CapacityType.spot, SPOT_COLUMNS, SPOT_PRICES),
];

function rowsOf(capacityType: CapacityType, columns: readonly PriceColumn[], table: PriceTable): PriceRow[] {
  return table.flatMap(([instanceType, ...cells]) =>
    columns.flatMap(({ region, source }, index) => {
      const usdPerHour = cells[index];
      const { title, asOf } = PRICE_SOURCES[source];
      return usdPerHour === undefined ? [] : [{ instanceType, region, capacityType, usdPerHour, source: title, asOf }];
    }),
  );
}
