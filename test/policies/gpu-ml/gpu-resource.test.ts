import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree } from "../../../components/model";
import type { Truth } from "../../../policies/engine/truth";
import { isGpuResource, isNonZero } from "../../../policies/gpu-ml/gpu-resource";

describe("amounts of a resource", () => {
  it.each<[Tree, Truth]>([
    [1, true],
    ["500m", true],
    ["many", true],
    [0, false],
    ["0", false],
    [null, false],
    [undefined, false],
    [UNKNOWN, UNKNOWN],
  ])("%s stand for something: %s", (amount, truth) => {
    expect(isNonZero(amount)).toBe(truth);
  });
});

describe("resources that stand for GPUs", () => {
  it.each([
    ["nvidia.com/gpu", true],
    ["nvidia.com/gpu.shared", true],
    ["nvidia.com/mig-1g.5gb", true],
    ["nvidia.com/hostdev", false],
    ["amd.com/gpu", false],
  ])("%s: %s", (name, expected) => {
    expect(isGpuResource(name)).toBe(expected);
  });
});
