import type { PriceColumn, PriceTable } from "./price-table";

/** Not sold there when the page was read. */
const _ = undefined;

/** Regions of {@link SPOT_PRICES}, in the order of its columns. */
export const SPOT_COLUMNS: readonly PriceColumn[] = [
  { region: "us-east-1", source: "spotPage" },
  { region: "us-west-2", source: "spotPage" },
];

/**
 * Spot prices of Linux machines with GPUs in USD per hour: those of the cheapest zone of the region, of which the page
 * tells no other.
 *
 * They differ from zone to zone and change by the hour, so they are an estimate, and nothing that may be spent at most is
 * counted with them.
 *
 * @see https://aws.amazon.com/ec2/spot/pricing/ "the lowest prices per instance type in the region" (read 2026-08-06)
 */
// prettier-ignore
export const SPOT_PRICES: PriceTable = [
  ["g4dn.xlarge",        0.3196,  0.2286],
  ["g4dn.2xlarge",       0.3179,  0.2872],
  ["g4dn.4xlarge",       0.5146,  0.3854],
  ["g4dn.8xlarge",         0.77,  0.6841],
  ["g4dn.12xlarge",      1.5537,  1.4129],
  ["g4dn.16xlarge",      1.4089,  1.1291],
  ["g4dn.metal",         4.1475,  4.1739],
  ["g5.xlarge",          0.5089,  0.5237],
  ["g5.2xlarge",         1.0236,  0.5995],
  ["g5.4xlarge",         0.9008,  0.6268],
  ["g5.8xlarge",         1.2542,  0.9514],
  ["g5.12xlarge",        3.4917,  3.2525],
  ["g5.16xlarge",        1.8357,  1.5598],
  ["g5.24xlarge",        2.3425,  3.6782],
  ["g5.48xlarge",        9.1028,  7.8077],
  ["g5g.xlarge",         0.1238,  0.1275],
  ["g5g.2xlarge",        0.3129,  0.2374],
  ["g5g.4xlarge",        0.4078,  0.2676],
  ["g5g.8xlarge",        0.6841,  0.3802],
  ["g5g.16xlarge",       0.6121,  0.8686],
  ["g5g.metal",          0.5794,  0.4561],
  ["g6.xlarge",          0.5375,  0.4455],
  ["g6.2xlarge",         0.8792,  0.5282],
  ["g6.4xlarge",         0.6713,  0.6254],
  ["g6.8xlarge",         1.3626,  0.8871],
  ["g6.12xlarge",         2.846,  1.3584],
  ["g6.16xlarge",        1.7823,  1.4403],
  ["g6.24xlarge",        1.8695,  3.1042],
  ["g6.48xlarge",         4.768,  6.3378],
  ["g6f.large",          0.0579,  0.0343],
  ["g6f.xlarge",         0.1052,  0.0672],
  ["g6f.2xlarge",        0.2157,  0.1611],
  ["g6f.4xlarge",        0.2952,  0.3267],
  ["gr6.4xlarge",        0.7354,  0.5578],
  ["gr6.8xlarge",        1.2577,  0.7909],
  ["gr6f.4xlarge",       0.5288,   0.323],
  ["g6e.xlarge",         1.6119,  1.4962],
  ["g6e.2xlarge",         2.182,  1.3585],
  ["g6e.4xlarge",        2.8709,  1.3862],
  ["g6e.8xlarge",        1.7736,  1.7266],
  ["g6e.12xlarge",       3.1479,  4.5144],
  ["g6e.16xlarge",       2.7307,  3.2739],
  ["g6e.24xlarge",       4.1488,  5.7025],
  ["g6e.48xlarge",      11.5708,  8.7616],
  ["g7.2xlarge",         0.9391,  0.6915],
  ["g7.4xlarge",         1.0612,  0.9123],
  ["g7.8xlarge",         1.2459,  0.7753],
  ["g7.12xlarge",        1.9672,  1.2535],
  ["g7.24xlarge",        4.0843,   3.008],
  ["g7.48xlarge",        7.3674,  5.8259],
  ["g7e.2xlarge",         1.482,  1.6683],
  ["g7e.4xlarge",        1.6867,  2.3278],
  ["g7e.8xlarge",         1.945,  2.7711],
  ["g7e.12xlarge",        3.754,  2.3178],
  ["g7e.24xlarge",       7.8172,  9.1594],
  ["g7e.48xlarge",       7.7687, 18.9374],
  ["p3dn.24xlarge",      5.1428,  6.5035],
  ["p4d.24xlarge",      14.2313, 12.8763],
  ["p4de.24xlarge",     21.8259, 22.2036],
  ["p5.4xlarge",         2.6295,  2.6295],
  ["p5.48xlarge",       19.4933, 19.9678],
  ["p5e.48xlarge",            _, 24.8776],
  ["p5en.48xlarge",     27.0749, 27.2454],
  ["p6-b200.48xlarge",  42.2529, 40.7895],
  ["p6-b300.48xlarge",  44.5408, 51.4782],
];
