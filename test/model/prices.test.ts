import { describe, expect, it } from "vitest";
import { gpuInstanceType, gpuInstanceTypes } from "../../components/model/accelerators";
import { generalInstanceType, generalInstanceTypes } from "../../components/model/general-instance-types";
import { PRICE_CATALOGUE } from "../../components/model/price-catalogue";
import { PRICES_AS_OF, usdPerHour } from "../../components/model/prices";

describe("usdPerHour", () => {
  it.each([
    ["g4dn.xlarge", "us-east-1", 0.526],
    ["g5.12xlarge", "us-west-2", 5.672],
    ["p5.48xlarge", "us-east-1", 55.04],
    ["p6-b300.48xlarge", "us-west-2", 142.416],
    ["m7i.xlarge", "us-east-1", 0.2016],
  ])("of %s in %s is %d", (instanceType, region, usd) => {
    expect(usdPerHour(instanceType, region)).toBe(usd);
  });

  it.each([
    ["a type without a published price", "p5e.48xlarge", "us-east-1"],
    ["a type without a price in that region", "g7e.2xlarge", "us-west-2"],
    ["a region without prices", "g5.xlarge", "eu-west-1"],
    ["an unknown type", "g5.huge", "us-east-1"],
    ["the name of a method", "toString", "us-east-1"],
    ["the name of a method as region", "g5.xlarge", "constructor"],
  ])("is not known for %s", (_case, instanceType, region) => {
    expect(usdPerHour(instanceType, region)).toBeUndefined();
  });

  it("has a day for each region with prices, and for no other", () => {
    const regions = ["us-east-1", "us-west-2", "eu-west-1"];
    expect(regions.filter((region) => usdPerHour("g5.xlarge", region) !== undefined)).toEqual(
      Object.keys(PRICES_AS_OF),
    );
  });
});

describe("PRICE_CATALOGUE", () => {
  it("prices types of the catalogues only, each once", () => {
    const names = PRICE_CATALOGUE.map(([name]) => name);
    expect(
      names.filter((name) => gpuInstanceType(name) === undefined && generalInstanceType(name) === undefined),
    ).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it("prices every type in us-east-1 but those that are sold in capacity blocks alone", () => {
    const types = [...gpuInstanceTypes(), ...generalInstanceTypes()].map(({ instanceType }) => instanceType);
    expect(types.filter((type) => usdPerHour(type, "us-east-1") === undefined)).toEqual(["p5e.48xlarge"]);
  });

  it("doubles the price of a general type with its size, so that no two rows are swapped", () => {
    for (const { instanceType, vcpus } of generalInstanceTypes()) {
      const large = instanceType.replace(/\..*/, ".large");
      expect(usdPerHour(instanceType, "us-east-1")).toBeCloseTo((usdPerHour(large, "us-east-1")! * vcpus) / 2, 6);
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
});
