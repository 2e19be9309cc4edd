import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pricesWith, UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { priceFileProblems, readPriceFile } from "../../../preflight/cost";

const price = {
  instanceType: "g5.xlarge",
  region: "eu-west-1",
  capacityType: "on-demand",
  usdPerHour: 1.1,
  source: "our contract",
  asOf: "2026-11-01",
};
const file = (...prices: Tree[]): TreeObject => ({ prices });

function textOf(given: unknown): string {
  return typeof given === "string" ? JSON.stringify(given) : String(given);
}

/** What is wrong with a file, one sentence a problem. */
function problems(tree: Tree): string[] {
  return priceFileProblems(tree).map(({ path, given, allowed, remedy }) => {
    return `${path} is ${textOf(given)}; allowed: ${allowed}. ${remedy}`;
  });
}

describe("a file of prices", () => {
  it.each<[string, TreeObject]>([
    ["on demand", price],
    ["of spot machines", { ...price, capacityType: "spot" }],
    ["of reserved machines", { ...price, capacityType: "reserved" }],
    ["of capacity blocks", { ...price, instanceType: "p6-b300.48xlarge", capacityType: "capacity-block" }],
    ["of nothing", { ...price, usdPerHour: 0 }],
    ["of types and regions that are new", { ...price, instanceType: "x9.metal-24xl", region: "mx-central-12" }],
    ["of a government's region", { ...price, region: "us-gov-west-1" }],
    ["of a leap day", { ...price, asOf: "2028-02-29" }],
    ["of the first day of a year", { ...price, asOf: "2027-01-01" }],
    ["of the last day of a year", { ...price, asOf: "2026-12-31" }],
  ])("may have prices %s", (_case, entry) => {
    expect(problems(file(entry))).toEqual([]);
    expect(readPriceFile(file(entry))).toEqual([entry]);
  });

  it("may have none, or several for different machines", () => {
    expect(problems(file())).toEqual([]);
    expect(problems(file(price, { ...price, capacityType: "spot" }, { ...price, region: "eu-west-2" }))).toEqual([]);
  });

  it("gives the prices that are then found", () => {
    const prices = pricesWith(readPriceFile(file(price)));
    expect(prices.find("g5.xlarge", "eu-west-1", "on-demand")).toEqual(price);
  });

  const fields = "instanceType, region, capacityType, usdPerHour, source, asOf";

  it.each<[string, Tree, string]>([
    [
      "no mapping",
      [price],
      ` is [object Object]; allowed: a list of prices. Write it below "prices:", each with ${fields}.`,
    ],
    ["empty", null, ` is null; allowed: a list of prices. Write it below "prices:", each with ${fields}.`],
    [
      "without prices",
      {},
      `prices is undefined; allowed: a list of prices. Write it below "prices:", each with ${fields}.`,
    ],
    [
      "with prices that are no list",
      { prices: "1" },
      `prices is "1"; allowed: a list of prices. Write it below "prices:", each with ${fields}.`,
    ],
    [
      "with something else in it",
      { prices: [], region: "eu-west-1" },
      'region is "eu-west-1"; allowed: only prices. Remove it.',
    ],
    ["with a price that is none", file(1), `prices[0] is 1; allowed: a price. Give it ${fields}.`],
    [
      "with an unknown field",
      file({ ...price, zone: "a" }),
      `prices[0].zone is "a"; allowed: only ${fields}. Remove it.`,
    ],
  ])("is refused %s", (_case, tree, problem) => {
    expect(problems(tree)).toEqual([problem]);
    expect(readPriceFile(tree)).toEqual([]);
  });

  it.each<[keyof typeof price, Tree[], string]>([
    [
      "instanceType",
      [undefined, null, 5, ["g5.xlarge"], "g5", "G5.xlarge", "g5.x large", UNKNOWN],
      "allowed: an EC2 instance type. Write it like g5.xlarge.",
    ],
    [
      "region",
      [undefined, ["eu-west-1"], "eu-west", "euwest1", "EU-WEST-1", "eu-west-1a", UNKNOWN],
      "allowed: a region of AWS. Write it like us-east-1.",
    ],
    [
      "capacityType",
      [undefined, "ondemand", 1, UNKNOWN],
      "allowed: on-demand, spot, reserved, capacity-block. Set it to one of these.",
    ],
    [
      "usdPerHour",
      [undefined, "1.1", -0.1, NaN, Infinity, UNKNOWN],
      "allowed: a number from 0. Write what a machine costs in USD per hour, without quotes.",
    ],
    ["source", [undefined, "", "  ", 7, UNKNOWN], "allowed: a text. Say where the price is from."],
    [
      "asOf",
      [
        undefined,
        "yesterday",
        "2026-11",
        "2026-13-01",
        "2026-00-10",
        "2026-02-29",
        "2026-11-00",
        "2026-11-31",
        20261101,
        UNKNOWN,
      ],
      'allowed: a day. Write it like "2026-11-01".',
    ],
  ])("is refused with another %s", (field, values, rest) => {
    for (const value of values) {
      const said = textOf(value);
      expect(problems(file(price, { ...price, region: "eu-west-2", [field]: value }))).toEqual([
        `prices[1].${field} is ${said}; ${rest}`,
      ]);
      expect(readPriceFile(file(price, { ...price, region: "eu-west-2", [field]: value }))).toEqual([price]);
    }
  });

  it("is refused with two prices for one machine, of which the first is read", () => {
    const again = { ...price, usdPerHour: 2 };
    expect(problems(file(price, again))).toEqual([
      'prices[1] is "g5.xlarge eu-west-1 on-demand"; allowed: each machine once. Remove one of the two.',
    ]);
    expect(readPriceFile(file(price, again))).toEqual([price]);
  });

  it("is judged whatever is in it", () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything()), (whole, prices) => {
        expect(priceFileProblems(whole as Tree)).toBeInstanceOf(Array);
        const read = readPriceFile({ prices } as unknown as Tree);
        expect(priceFileProblems({ prices: read } as unknown as Tree)).toEqual([]);
      }),
      { seed: 8, numRuns: 200 },
    );
  });
});
