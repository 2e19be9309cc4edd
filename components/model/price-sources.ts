/** Where prices are from. */
export interface PriceSource {
  /** As reports name it, for example `AWS price list by way of Karpenter v1.14.1`. */
  title: string;
  /** Day (ISO 8601) of the prices. */
  asOf: string;
}

/**
 * Every source of the tables of prices, by the key that their columns name.
 *
 * @see https://github.com/aws/karpenter-provider-aws v1.14.1, its price table
 * @see https://instances.vantage.sh
 * @see https://aws.amazon.com/ec2/spot/pricing/, as https://github.com/alexei-led/spotinfo keeps it
 */
export const PRICE_SOURCES = {
  karpenter: { title: "AWS price list by way of Karpenter v1.14.1", asOf: "2026-07-20" },
  vantage: { title: "AWS price list by way of instances.vantage.sh", asOf: "2026-01-21" },
  spotPage: { title: "AWS page of spot prices by way of spotinfo", asOf: "2026-08-06" },
} as const satisfies Record<string, PriceSource>;
/** Key of a source of prices. */
export type PriceSourceKey = keyof typeof PRICE_SOURCES;
