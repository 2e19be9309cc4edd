import { describe, expect, it } from "vitest";
import { generatedStack } from "../../../bench/placement/generated-stack";
import { plannedQueuesOf, workloadsOf } from "../../../preflight/demand";
import { proofsOf } from "../../../preflight/placement";
import { compiled } from "../../../preflight/placement/compiled";
import { plannedPools } from "../../../preflight/pools";
import { stackIndexOf } from "../../../preflight/pools/stack-index";
import { builtInLabels } from "../../../preflight/scheduling/pod-terms";

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

  it("has NodePools of several types in turn with groups, none with the limits of another", () => {
    const pools = plannedPools(generatedStack({ ...SIZE, nodePools: 5 }));
    expect(pools.map(({ machines }) => machines !== undefined)).toEqual(Array(5).fill([false, true]).flat());
    const limits = pools.flatMap((pool) => (pool.limits === undefined ? [] : [JSON.stringify(pool.limits)]));
    expect(new Set(limits).size).toBe(5);
    expect(pools.flatMap(({ unknowns }) => unknowns.map(({ property }) => property))).not.toContain("vcpus");
  });

  it("has a queue by each flavor of which some pods are admitted", () => {
    const stack = generatedStack({ ...SIZE, flavors: 3 });
    const workloads = workloadsOf(stack);
    expect(new Set(workloads.map(({ clusterQueue }) => clusterQueue))).toEqual(new Set(["batch"]));
    const limits = { queues: plannedQueuesOf(stackIndexOf(stack)) };
    const { entries } = compiled(workloads, plannedPools(stack), limits, builtInLabels);
    const ways = new Set(entries.all.map(({ variants }) => variants.map(({ flavors }) => flavors.join()).join(" ")));
    expect(ways).toEqual(new Set(["flavor-2", "flavor-0 flavor-1 flavor-2", "flavor-0 flavor-2"]));
  });
});
