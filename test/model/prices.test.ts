import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gpuInstanceType, gpuInstanceTypes } from "../../components/model/accelerators";
import { generalInstanceType, generalInstanceTypes } from "../../components/model/general-instance-types";
import { CapacityType } from "../../components/model/pool-shape";
import { PRICE_CATALOGUE, type PriceRow } from "../../components/model/price-catalogue";
import { ON_DEMAND_COLUMNS, ON_DEMAND_PRICES } from "../../components/model/price-catalogue-on-demand";
import { SPOT_COLUMNS, SPOT_PRICES } from "../../components/model/price-catalogue-spot";
import { PRICE_SOURCES } from "../../components/model/price-sources";
import { PRICES, PRICES_AS_OF, pricesWith, usdPerHour } from "../../components/model/prices";
import { awsRegion } from "../../components/model/regions";

const { onDemand, spot, reserved, capacityBlock } = CapacityType;

describe("usdPerHour", () => {
  it.each([
    ["g4dn.xlarge", "us-east-1", 0.526],
    ["g5.12xlarge", "us-west-2", 5.672],
    ["g5.12xlarge", "eu-central-1", 7.09282],
    ["p5.48xlarge", "us-east-1", 55.04],
    ["p5.48xlarge", "ap-northeast-1", 68.8],
    ["p6-b300.48xlarge", "us-west-2", 142.416],
    ["m7i.xlarge", "us-east-1", 0.2016],
  ])("of %s in %s is %d", (instanceType, region, usd) => {
    expect(usdPerHour(instanceType, region)).toBe(usd);
  });

  it.each([
    ["a type without a published price", "p5e.48xlarge", "us-east-1"],
    ["a type without a price in that region", "g7e.2xlarge", "us-west-2"],
    ["a type between others that have one there", "g5g.xlarge", "us-east-2"],
    ["a region without prices", "g5.xlarge", "eu-west-1"],
    ["an unknown type", "g5.huge", "us-east-1"],
    ["the name of a method", "toString", "us-east-1"],
    ["the name of a method as region", "g5.xlarge", "constructor"],
  ])("is not known for %s", (_case, instanceType, region) => {
    expect(usdPerHour(instanceType, region)).toBeUndefined();
  });

  it("has a day for each region with prices, and for no other", () => {
    expect(PRICES_AS_OF).toEqual(
      Object.fromEntries(ON_DEMAND_COLUMNS.map(({ region, source }) => [region, PRICE_SOURCES[source].asOf])),
    );
    expect(PRICES_AS_OF["us-east-1"]).toBe("2026-07-20");
    for (const region of Object.keys(PRICES_AS_OF)) expect(usdPerHour("g5.xlarge", region)).toBeGreaterThan(0);
  });
});

describe("PRICE_CATALOGUE", () => {
  it("has for every price a source of the table of sources, and its day", () => {
    const sources = Object.values(PRICE_SOURCES).map(({ title, asOf }) => `${title}, ${asOf}`);
    expect(new Set(PRICE_CATALOGUE.map(({ source, asOf }) => `${source}, ${asOf}`))).toEqual(new Set(sources));
    for (const { title, asOf } of Object.values(PRICE_SOURCES)) {
      expect(title).toMatch(/^AWS .* by way of /);
      expect(new Date(asOf).toISOString().slice(0, 10)).toBe(asOf);
    }
  });

  it("prices types of the catalogues in regions of AWS only, each once", () => {
    for (const { instanceType, region, usdPerHour: usd } of PRICE_CATALOGUE) {
      expect(gpuInstanceType(instanceType) ?? generalInstanceType(instanceType), instanceType).toBeDefined();
      expect(awsRegion(region), region).toBeDefined();
      expect(usd, `${instanceType} ${region}`).toBeGreaterThan(0);
    }
    const keys = PRICE_CATALOGUE.map((row) => [row.instanceType, row.region, row.capacityType].join(" "));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each([
    ["on demand", ON_DEMAND_COLUMNS, ON_DEMAND_PRICES],
    ["spot", SPOT_COLUMNS, SPOT_PRICES],
  ] as const)("has no cell %s without a column, and no column without a cell", (_case, columns, table) => {
    const width = Math.max(...table.map(([, ...cells]) => cells.length));
    expect(width).toBe(columns.length);
  });

  it("prices every type on demand in us-east-1 but those that are sold in capacity blocks alone", () => {
    const types = [...gpuInstanceTypes(), ...generalInstanceTypes()].map(({ instanceType }) => instanceType);
    expect(types.filter((type) => usdPerHour(type, "us-east-1") === undefined)).toEqual(["p5e.48xlarge"]);
  });

  it.each([
    ["us-east-1", ["p5e.48xlarge"]],
    ["us-west-2", []],
  ])("prices every type with GPUs on spot in %s", (region, without) => {
    const types = gpuInstanceTypes().map(({ instanceType }) => instanceType);
    expect(types.filter((type) => PRICES.find(type, region, spot) === undefined)).toEqual(without);
  });

  it("prices no spot machine above the on-demand price, which is its ceiling", () => {
    const dearer = PRICE_CATALOGUE.filter(
      (row) =>
        row.capacityType === spot && row.usdPerHour > (usdPerHour(row.instanceType, row.region) ?? Number.MAX_VALUE),
    );
    expect(dearer).toEqual([]);
  });

  it("doubles the price of a general type with its size, so that no two rows are swapped", () => {
    for (const { instanceType, vcpus } of generalInstanceTypes()) {
      const large = instanceType.replace(/\..*/, ".large");
      expect(usdPerHour(instanceType, "us-east-1")).toBeCloseTo((usdPerHour(large, "us-east-1")! * vcpus) / 2, 6);
    }
  });

  it("is in every region as much dearer for one type of a family as for another, so that no two cells are swapped", () => {
    const ratios = new Map<string, number[]>();
    for (const { instanceType, region, capacityType, usdPerHour: usd } of PRICE_CATALOGUE) {
      if (capacityType !== onDemand) continue;
      const family = `${instanceType.split(".")[0]} ${region}`;
      ratios.set(family, [...(ratios.get(family) ?? []), usd / usdPerHour(instanceType, "us-east-1")!]);
    }
    for (const [family, [first, ...others]] of ratios) {
      for (const ratio of others) expect(Math.abs(ratio - first!), family).toBeLessThan(0.005);
    }
  });

  it("prices a larger type of the same family and number of GPUs higher", () => {
    const types = gpuInstanceTypes().map((type) => ({ ...type, family: type.instanceType.split(".")[0] }));
    const inverted = types.flatMap((a) =>
      types
        .filter((b) => a.family === b.family && a.gpuCount === b.gpuCount && a.vcpus < b.vcpus)
        .filter((b) => usdPerHour(a.instanceType, "us-east-1")! >= usdPerHour(b.instanceType, "us-east-1")!)
        .map((b) => `${a.instanceType} ${b.instanceType}`),
    );
    expect(inverted).toEqual([]);
  });

  const collected = join(__dirname, "../../../shared/upstream/aws-gpu/aws-gpu-prices.csv");
  it.skipIf(!existsSync(collected))("has the prices that were collected from the price list", () => {
    const [, ...lines] = readFileSync(collected, "utf8").trim().split("\n");
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) {
      const [instanceType, , , region, usd] = line.split(",");
      expect(usdPerHour(instanceType!, region!), line).toBe(Number(usd));
    }
  });
});

describe("prices of somebody's own", () => {
  const row = (overrides: Partial<PriceRow> = {}): PriceRow => ({
    ...{ instanceType: "g5.xlarge", region: "us-east-1", capacityType: onDemand, usdPerHour: 0.8 },
    ...{ source: "our contract", asOf: "2026-11-01" },
    ...overrides,
  });

  it("take the place of those of the table", () => {
    const prices = pricesWith([row()]);
    expect(prices.find("g5.xlarge", "us-east-1", onDemand)).toEqual(row());
    expect(prices.isOverride(row())).toBe(false);
    expect(prices.isOverride(prices.find("g5.xlarge", "us-east-1", onDemand)!)).toBe(true);
    expect(prices.isOverride(prices.find("g5.2xlarge", "us-east-1", onDemand)!)).toBe(false);
  });

  it.each([
    ["in another region", row({ region: "eu-west-1" })],
    ["of another type", row({ instanceType: "x9.large" })],
    ["bought in another way", row({ capacityType: capacityBlock })],
    ["of reserved machines", row({ capacityType: reserved })],
  ])("stand beside them %s", (_case, own) => {
    const prices = pricesWith([own]);
    expect(PRICES.find(own.instanceType, own.region, own.capacityType)).toBeUndefined();
    expect(prices.find(own.instanceType, own.region, own.capacityType)).toBe(own);
    expect(prices.find("g5.xlarge", "us-east-1", onDemand)?.usdPerHour).toBe(1.006);
  });

  it("count as they are said last", () => {
    const prices = pricesWith([row(), row({ usdPerHour: 0.7 })]);
    expect(prices.find("g5.xlarge", "us-east-1", onDemand)?.usdPerHour).toBe(0.7);
  });

  it("replace exactly their own rows", () => {
    const rows = fc.uniqueArray(fc.nat(PRICE_CATALOGUE.length - 1), { maxLength: 8 });
    fc.assert(
      fc.property(rows, (indices) => {
        const own = indices.map((index) => ({ ...PRICE_CATALOGUE[index]!, usdPerHour: 99, source: "mine" }));
        const prices = pricesWith(own);
        const found = PRICE_CATALOGUE.map((each) => prices.find(each.instanceType, each.region, each.capacityType));
        expect(found).toEqual(
          PRICE_CATALOGUE.map((each, index) =>
            indices.includes(index) ? { ...each, usdPerHour: 99, source: "mine" } : each,
          ),
        );
      }),
      { seed: 8, numRuns: 30 },
    );
  });
});
