import { describe, expect, it } from "vitest";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import { stackRegionOf } from "../../../preflight/cost/stack-region";

const resource = (type: string, properties: TreeObject) => ({ type, name: "x", urn: `urn:${type}`, properties });
const pool = resource("mlstack:index:GpuNodePool", { eks: { region: "us-west-2" } });

describe("stackRegionOf", () => {
  it("is what the program says", () => {
    expect(stackRegionOf([pool, resource("pulumi:pulumi:Stack", { region: "us-east-1" })])).toBe("us-east-1");
  });

  it("is else what components are told of their cluster", () => {
    expect(stackRegionOf([resource("pulumi:pulumi:Stack", {}), pool])).toBe("us-west-2");
    expect(stackRegionOf([resource("aws:eks/cluster:Cluster", { eks: { region: "us-west-2" } })])).toBeUndefined();
  });

  it("is not told of stacks that are in no region, nor before it is known", () => {
    expect(stackRegionOf([])).toBeUndefined();
    expect(stackRegionOf([resource("mlstack:index:GpuNodePool", { eks: { region: UNKNOWN } })])).toBeUndefined();
  });
});
