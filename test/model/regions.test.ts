import { describe, expect, it } from "vitest";
import { awsRegion, awsRegions, nearestAwsRegion } from "../../components/model/regions";

describe("awsRegion", () => {
  it("knows what ARNs, endpoints and subnets need of a region", () => {
    expect(awsRegion("eu-west-1")).toEqual({
      name: "eu-west-1",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    });
  });

  it.each([
    ["us-east-1", "aws", "amazonaws.com"],
    ["cn-north-1", "aws-cn", "amazonaws.com.cn"],
    ["cn-northwest-1", "aws-cn", "amazonaws.com.cn"],
    ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
  ])("puts %s in partition %s with endpoints under %s", (name, partition, dnsSuffix) => {
    expect(awsRegion(name)).toMatchObject({ partition, dnsSuffix });
  });

  it.each([
    ["ap-northeast-1", ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]],
    ["ca-central-1", ["ca-central-1a", "ca-central-1b", "ca-central-1d"]],
    ["cn-north-1", ["cn-north-1a", "cn-north-1b", "cn-north-1d"]],
    ["us-west-1", ["us-west-1a", "us-west-1c"]],
  ])("leaves out the zones of %s that newer accounts do not see", (name, zones) => {
    expect(awsRegion(name)?.zones).toEqual(zones);
  });

  it.each(["", "eu-west", "EU-WEST-1", "eu-west-1a", "toString", "us-iso-east-1"])("does not list %j", (name) => {
    expect(awsRegion(name)).toBeUndefined();
  });
});

describe("awsRegions", () => {
  it("lists the regions of the public, Chinese and US government clouds once", () => {
    const names = awsRegions().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const partitions = awsRegions().map(({ partition }) => partition);
    expect(partitions.filter((each) => each === "aws")).toHaveLength(34);
    expect(partitions.filter((each) => each !== "aws")).toEqual(["aws-cn", "aws-cn", "aws-us-gov", "aws-us-gov"]);
  });

  it("has at least two zones in each, as clusters need, all within the region", () => {
    for (const { name, zones } of awsRegions()) {
      expect(zones.length).toBeGreaterThanOrEqual(2);
      expect(zones).toEqual(zones.filter((zone) => /^[a-z]$/.test(zone.slice(name.length)) && zone.startsWith(name)));
    }
  });

  it("cannot be changed by those who read it", () => {
    const [first] = awsRegions();
    expect(() => first!.zones.push("us-east-1z")).toThrow(TypeError);
    expect(() => Object.assign(first!, { partition: "aws-cn" })).toThrow(TypeError);
  });
});

describe("nearestAwsRegion", () => {
  it.each([
    ["us-esat-1", "us-east-1"],
    ["EU-CENTRAL-1", "eu-central-1"],
    ["eucentral1", "eu-central-1"],
    ["us-gov-wes-1", "us-gov-west-1"],
  ])("suggests for %s: %s", (misspelt, nearest) => {
    expect(nearestAwsRegion(misspelt)).toBe(nearest);
  });
});
