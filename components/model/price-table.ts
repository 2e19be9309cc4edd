import type { PriceSourceKey } from "./price-sources";

/** A column of a {@link PriceTable}. */
export interface PriceColumn {
  /** Region in which the prices of the column hold. */
  region: string;
  /** Where all of them are from, and thereby of which day they are. */
  source: PriceSourceKey;
}

/** Prices in USD per hour: a row for each instance type, with a cell for each column; short rows lack the last cells. */
export type PriceTable = readonly (readonly [instanceType: string, ...usdPerHour: (number | undefined)[]])[];
