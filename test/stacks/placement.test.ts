import { describe, expect, test } from "vitest";
import { gpuPoolShape, type Taint } from "../../components";
import { fits, furtherTaints, smallestFittingPool } from "../../stacks/scenarios/placement";

const shape = (instanceType: string, minNodes = 1) =>
  gpuPoolShape(instanceType, { instanceType, minNodes, maxNodes: 2 });
const twoGpus = { gpus: 2, architecture: "amd64" } as const;

test.each([
  { pool: shape("g5.12xlarge"), runs: true, why: "has four GPUs" },
  { pool: shape("g5.xlarge"), runs: false, why: "has one GPU" },
  { pool: shape("g5g.16xlarge"), runs: false, why: "has another instruction set" },
  { pool: shape("g5.12xlarge", 0), runs: false, why: "has no node to start with" },
])("two GPUs fit a pool that $why: $runs", ({ pool, runs }) => {
  expect(fits(pool, twoGpus, false)).toBe(runs);
});

test("two GPUs fit a pool without nodes where nodes come when pods wait for them", () => {
  expect(fits(shape("g5.12xlarge", 0), twoGpus, true)).toBe(true);
});

describe("the pool of a scenario", () => {
  const chosen = (...types: string[]) => {
    const pools = types.map((type) => shape(type));
    return smallestFittingPool(pools, twoGpus, () => false)?.instanceType;
  };

  test("has the fewest GPUs that will do", () => {
    expect(chosen("p5.48xlarge", "g5.xlarge", "g5.12xlarge")).toBe("g5.12xlarge");
  });

  test("has the smallest GPUs among pools with equally many", () => {
    expect(chosen("g6e.12xlarge", "g4dn.12xlarge", "g5.12xlarge")).toBe("g4dn.12xlarge");
  });

  test("is the first among equals", () => {
    expect(chosen("g5.24xlarge", "g5.12xlarge")).toBe("g5.24xlarge");
  });

  test("is none where none will do", () => {
    expect(chosen("g5.xlarge")).toBeUndefined();
  });
});

test.each<{ taint: Taint; why: string }>([
  { taint: { key: "example.com/team", effect: "NoSchedule" }, why: "has another key" },
  { taint: { key: "nvidia.com/gpu", effect: "NoExecute" }, why: "has another effect" },
])("a taint that $why is a further one; the GPU taint, which every GPU pod tolerates, is not", ({ taint }) => {
  const pool = gpuPoolShape("t4", { instanceType: "g4dn.xlarge", maxNodes: 1, taints: [taint] });
  expect(furtherTaints(pool)).toEqual([taint]);
});
