import { describe, expect, it } from "vitest";
import {
  generalInstanceType,
  generalInstanceTypes,
  nearestGeneralInstanceType,
} from "../../components/model/general-instance-types";

describe("generalInstanceType", () => {
  it.each([
    ["m6i.large", "amd64", 2, 8],
    ["m6i.4xlarge", "amd64", 16, 64],
    ["m7i.xlarge", "amd64", 4, 16],
    ["m7g.2xlarge", "arm64", 8, 32],
    ["c7i.large", "amd64", 2, 4],
    ["r7i.4xlarge", "amd64", 16, 128],
  ])("lists %s as %s with %d vCPUs and %d GiB", (instanceType, architecture, vcpus, memoryGib) => {
    expect(generalInstanceType(instanceType)).toEqual({ instanceType, architecture, vcpus, memoryGib });
  });

  it.each(["", "m6i", "M6I.LARGE", "g5.xlarge", "toString"])("does not list %j", (name) => {
    expect(generalInstanceType(name)).toBeUndefined();
  });
});

describe("generalInstanceTypes", () => {
  it("lists every family in every size, once", () => {
    const names = generalInstanceTypes().map((type) => type.instanceType);
    expect(names.slice(0, 4)).toEqual(["m6i.large", "m6i.xlarge", "m6i.2xlarge", "m6i.4xlarge"]);
    expect(new Set(names.map((name) => name.split(".")[0]))).toEqual(new Set(["m6i", "m7i", "m7g", "c7i", "r7i"]));
    expect(new Set(names).size).toBe(20);
  });

  it("cannot be changed by those who read it", () => {
    const [first] = generalInstanceTypes();
    expect(() => Object.assign(first!, { vcpus: 99 })).toThrow(TypeError);
  });
});

describe("nearestGeneralInstanceType", () => {
  it.each([
    ["m6i.lagre", "m6i.large"],
    ["M7G.2XLARGE", "m7g.2xlarge"],
    ["r7.4xlarge", "r7i.4xlarge"],
    ["c7i.xl", "c7i.xlarge"],
  ])("suggests for %s: %s", (misspelt, nearest) => {
    expect(nearestGeneralInstanceType(misspelt)).toBe(nearest);
  });
});
