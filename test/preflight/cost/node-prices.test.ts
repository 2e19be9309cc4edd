import { describe, expect, it } from "vitest";
import type { CapacityType } from "../../../components/model";
import {
  type PriceRow,
  PRICES,
  pricesWith,
  type ToldPoolShape,
  type TreeObject,
  UNKNOWN,
} from "../../../components/model";
import { nodePricesOf } from "../../../preflight/cost/node-prices";
import type { PlannedPool } from "../../../preflight/pools/planned-pool";
import { stackIndexOf } from "../../../preflight/pools/stack-index";
import { pool, poolComponent } from "./stack";

interface Ground {
  shape?: ToldPoolShape;
  zones?: string[];
  region?: string;
  component?: TreeObject;
  own?: PriceRow[];
}

function prices({ shape = {}, zones = ["us-east-1a"], region, component, own = [] }: Ground = {}) {
  const stack = stackIndexOf(component === undefined ? [] : [poolComponent("training", component)]);
  const priced: PlannedPool = pool({ shape, zones });
  return nodePricesOf(priced, { prices: own.length === 0 ? PRICES : pricesWith(own), region, stack });
}

function ownRow(capacityType: CapacityType, usdPerHour: number, instanceType = "g5.12xlarge"): PriceRow {
  return { instanceType, region: "us-east-1", capacityType, usdPerHour, source: "our contract", asOf: "2026-11-01" };
}

const karpenter = { source: "AWS price list by way of Karpenter v1.14.1", asOf: "2026-07-20" };
const vantage = { source: "AWS price list by way of instances.vantage.sh", asOf: "2026-01-21" };
const spotPage = { source: "AWS page of spot prices by way of spotinfo", asOf: "2026-08-06" };
const contract = { source: "our contract", asOf: "2026-11-01" };
const said = { source: "usdPerNodeHour of the pool", asOf: "" };

describe("the price of a node", () => {
  it.each<[string, Ground, object]>([
    ["is that of its type, on demand", {}, { usdPerHour: 5.672, ...karpenter }],
    ["is that of its zones' region", { zones: ["us-west-2b"], region: "us-east-1" }, { usdPerHour: 5.672, ...vantage }],
    [
      "is that of the stack's region without zones",
      { zones: [""], region: "eu-central-1" },
      { usdPerHour: 7.09282, ...vantage },
    ],
    [
      "is that of the stack's region where zones are no region's",
      { zones: ["rack-1"], region: "us-east-2" },
      { usdPerHour: 5.672, ...vantage },
    ],
    [
      "is that of the dearest type",
      { shape: { instanceTypes: ["g5.xlarge", "g5.2xlarge", "g6.xlarge"] } },
      { usdPerHour: 1.212, ...karpenter },
    ],
    [
      "of machines that may be bought in several ways is that on demand",
      { shape: { capacityType: undefined } as never },
      { usdPerHour: 5.672, ...karpenter },
    ],
    [
      "of a reservation is that on demand",
      { shape: { capacityType: "reserved" } },
      { usdPerHour: 5.672, ...karpenter },
    ],
    ["is the pool's own", { component: { usdPerNodeHour: 4 } }, { usdPerHour: 4, ...said }],
    ["may be nothing", { component: { usdPerNodeHour: 0 } }, { usdPerHour: 0, ...said }],
    [
      "is the pool's own where there is another reservation",
      { shape: { capacityType: "reserved" }, component: { usdPerNodeHour: 4 } },
      { usdPerHour: 4, ...said },
    ],
    [
      "of a capacity block is the pool's own",
      { shape: { capacityType: "capacity-block" }, component: { usdPerNodeHour: 30 } },
      { usdPerHour: 30, ...said },
    ],
    [
      "is somebody's own",
      { own: [ownRow("on-demand", 3)], component: { usdPerNodeHour: 4 } },
      { usdPerHour: 3, ...contract },
    ],
    [
      "of a reservation is somebody's own for reservations",
      { shape: { capacityType: "reserved" }, own: [ownRow("on-demand", 3), ownRow("reserved", 2)] },
      { usdPerHour: 2, ...contract },
    ],
    [
      "of a capacity block is somebody's own",
      { shape: { capacityType: "capacity-block" }, own: [ownRow("capacity-block", 2)] },
      { usdPerHour: 2, ...contract },
    ],
    [
      "is the pool's own where somebody's are for other machines",
      { own: [ownRow("spot", 3)], component: { usdPerNodeHour: 4 } },
      { usdPerHour: 4, ...said },
    ],
    [
      "is somebody's own where that is for one of several types",
      {
        shape: { instanceTypes: ["g5.xlarge", "g5.12xlarge"] },
        own: [ownRow("on-demand", 3)],
        component: { usdPerNodeHour: 4 },
      },
      { usdPerHour: 3, ...contract },
    ],
    [
      "of equally dear types is that of the first",
      {
        shape: { instanceTypes: ["g5.xlarge", "g5.12xlarge"] },
        own: [{ ...ownRow("on-demand", 3, "g5.xlarge"), source: "another contract" }, ownRow("on-demand", 3)],
      },
      { usdPerHour: 3, source: "another contract", asOf: "2026-11-01" },
    ],
    [
      "is what a component says of itself where nothing tells the region",
      { zones: [""], shape: { usdPerNodeHour: 5 } },
      { usdPerHour: 5, ...said },
    ],
    [
      "is of one type where only the first is told",
      { shape: { instanceTypes: undefined, instanceType: "g5.xlarge" } as never },
      { usdPerHour: 1.006, ...karpenter },
    ],
  ])("%s", (_case, ground, price) => {
    expect(prices(ground)).toEqual({ usual: price, most: price });
  });

  it.each<[string, Ground, string]>([
    [
      "its type is in no table",
      { shape: { instanceTypes: ["x9.large"] } },
      "no on-demand price of x9.large in us-east-1 is known",
    ],
    [
      "some of its types are in none",
      { shape: { instanceTypes: ["x9.large", "g5.xlarge", "x8.large", "x7.large"] } },
      "no on-demand price of x9.large, x8.large and x7.large in us-east-1 is known",
    ],
    [
      "its type has none in its region",
      { zones: ["us-west-2a"], shape: { instanceTypes: ["g7e.2xlarge"] } },
      "no on-demand price of g7e.2xlarge in us-west-2 is known",
    ],
    ["its region is not known", { zones: [""] }, "nothing is said of its region"],
    ["its type is not known yet", { shape: { instanceTypes: UNKNOWN } }, "its instance type is not known yet"],
    [
      "one of its types is not known yet",
      { shape: { instanceTypes: ["g5.xlarge", UNKNOWN] } },
      "its instance type is not known yet",
    ],
    ["nothing is said of its type", { shape: { instanceTypes: [] } }, "nothing is said of its instance type"],
    [
      "nothing at all is said",
      { shape: { instanceTypes: undefined, instanceType: undefined } as never },
      "nothing is said of its instance type",
    ],
    [
      "it is not known how it is bought",
      { shape: { capacityType: UNKNOWN }, component: { usdPerNodeHour: 4 } },
      "how its machines are bought is not known yet",
    ],
    [
      "it is a capacity block",
      { shape: { capacityType: "capacity-block" } },
      "no price of a capacity block of g5.12xlarge in us-east-1 is known",
    ],
    [
      "it is a capacity block of a component that tells the on-demand price",
      { zones: [""], shape: { capacityType: "capacity-block", usdPerNodeHour: 5 } },
      "nothing is said of its region",
    ],
    [
      "what the pool says is no price",
      { shape: { instanceTypes: ["x9.large"] }, component: { usdPerNodeHour: -1 } },
      "no on-demand price of x9.large in us-east-1 is known",
    ],
    [
      "what the pool says is not known yet",
      { shape: { instanceTypes: ["x9.large"] }, component: { usdPerNodeHour: UNKNOWN } },
      "no on-demand price of x9.large in us-east-1 is known",
    ],
    [
      "its region is known and a component tells another price",
      { shape: { instanceTypes: ["x9.large"], usdPerNodeHour: 5 } },
      "no on-demand price of x9.large in us-east-1 is known",
    ],
  ])("is missing where %s", (_case, ground, missing) => {
    expect(prices(ground)).toEqual({ usual: { missing }, most: { missing } });
  });

  it("takes an unpriced type of a reservation for what it lacks, an on-demand price", () => {
    const missing = "no on-demand price of x9.large in us-east-1 is known";
    expect(prices({ shape: { instanceTypes: ["x9.large"], capacityType: "reserved" } }).usual).toEqual({ missing });
  });
});

describe("the price of a spot node", () => {
  const spot = { instanceTypes: ["g5.12xlarge"], capacityType: "spot" } satisfies ToldPoolShape;

  it.each<[string, Ground, object, object]>([
    [
      "is an estimate, and at most that on demand",
      { shape: spot },
      { usdPerHour: 3.4917, ...spotPage },
      { usdPerHour: 5.672, ...karpenter },
    ],
    [
      "is at most what the pool says",
      { shape: spot, component: { usdPerNodeHour: 5 } },
      { usdPerHour: 3.4917, ...spotPage },
      { usdPerHour: 5, ...said },
    ],
    [
      "may be somebody's own",
      { shape: spot, own: [ownRow("spot", 3)] },
      { usdPerHour: 3, ...contract },
      { usdPerHour: 5.672, ...karpenter },
    ],
    [
      "is at most that on demand where it is just as dear",
      { shape: spot, own: [ownRow("spot", 5.672)] },
      { usdPerHour: 5.672, ...contract },
      { usdPerHour: 5.672, ...karpenter },
    ],
    [
      "is at most itself where it is dearer than on demand",
      { shape: spot, own: [ownRow("spot", 9)] },
      { usdPerHour: 9, ...contract },
      { usdPerHour: 9, ...contract },
    ],
    [
      "is not known in most regions",
      { shape: spot, zones: ["eu-central-1a"] },
      { missing: "no spot price of g5.12xlarge in eu-central-1 is known" },
      { usdPerHour: 7.09282, ...vantage },
    ],
    [
      "may be known where its bound is not",
      { shape: { ...spot, instanceTypes: ["p5e.48xlarge"] }, zones: ["us-west-2a"] },
      { usdPerHour: 24.8776, ...spotPage },
      { missing: "no on-demand price of p5e.48xlarge in us-west-2 is known" },
    ],
  ])("%s", (_case, ground, usual, most) => {
    expect(prices(ground)).toEqual({ usual, most });
  });
});
