import { describe, expect, it } from "vitest";
import { generatedStack } from "../../../bench/placement/generated-stack";
import { workloadsOf } from "../../../preflight/demand";
import { proofsOf } from "../../../preflight/placement";
import { plannedPools } from "../../../preflight/pools";

const SIZE = { sets: 200, pools: 10, podsPerSet: 10 };

describe("generatedStack", () => {
  it("has as many sets, pods and pools as are asked for, and is the same each time", () => {
    const stack = generatedStack(SIZE);
    expect(generatedStack(SIZE)).toEqual(stack);
    const sets = workloadsOf(stack).flatMap(({ podSets }) => podSets);
    expect(sets.map(({ count }) => count)).toEqual(Array(200).fill(10));
    expect(plannedPools(stack).map(({ unknowns }) => unknowns)).toEqual(Array(10).fill([]));
  });

  it("has jobs that run, jobs that never can, and jobs with rules between their pods", () => {
    const stack = generatedStack(SIZE);
    const workloads = workloadsOf(stack);
    const verdicts = new Set(proofsOf(workloads, plannedPools(stack)).map(({ verdict }) => verdict));
    expect([...verdicts].sort()).toEqual(expect.arrayContaining(["never", "runs"]));
    const pods = workloads.flatMap(({ podSets }) => podSets.map(({ pod }) => pod));
    expect(pods.filter(({ spread }) => spread.length > 0)).toHaveLength(2);
    expect(pods.filter(({ antiAffinity }) => antiAffinity.length > 0)).toHaveLength(2);
  });

  it("has groups of a fixed size where that is asked for", () => {
    const pools = plannedPools(generatedStack({ ...SIZE, nodes: { least: 3, most: 4 } }));
    expect(pools.map(({ minNodes, maxNodes }) => [minNodes, maxNodes])).toEqual(Array(10).fill([3, 4]));
  });
});
