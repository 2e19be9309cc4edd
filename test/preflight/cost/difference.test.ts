import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../components/model";
import { costDifference, type StackCost } from "../../../preflight/cost";
import { costs, pool, proof, workload } from "./stack";

const one = pool({ minNodes: 1, maxNodes: 1 });
const two = pool({ minNodes: 1, maxNodes: 2 });
const other = pool({ name: "other", maxNodes: 2 });
const odd = pool({ name: "odd", shape: { instanceTypes: ["x9.large"] } });
const larger = { ...odd, maxNodes: 8 };
const untold = pool({ name: "odd", shape: { instanceTypes: UNKNOWN, instanceType: UNKNOWN } });
const endless = { ...odd, unknowns: [{ property: "maxNodes" as const, reason: "" }] };
const NOT_KNOWN = "by how much this change moves the cost is not known";
const unbounded = pool({ maxNodes: undefined });

const of = (...pools: Parameters<typeof costs>[0]["pools"] & object) => costs({ pools });

describe("the difference of two costs", () => {
  it("is by how much each pool, tenant and the environment change", () => {
    const job = { ...workload("j", { kind: "always" }, [{ count: 2 }]), tenant: "vision" };
    const before = of(one, other);
    const after = costs({
      pools: [two, pool({ name: "new", maxNodes: 1 })],
      workloads: [job],
      proofs: [proof(job, { training: 4 })],
    });
    expect(costDifference(before, after)).toEqual({
      environment: { name: "", change: "unchanged", idle: 0, typical: 0, ceiling: 0 },
      pools: [
        { name: "training", change: "changed", idle: 0, typical: 0, ceiling: 5.672 },
        { name: "new", change: "added", idle: 0, typical: 0, ceiling: 5.672 },
        { name: "other", change: "removed", idle: 0, typical: 0, ceiling: -11.344 },
      ],
      tenants: [{ name: "vision", change: "added", idle: 0, typical: 2.836, ceiling: 2.836 }],
      sentence: "this change moves the cost, and leaves its ceiling as it is",
    });
  });

  it("of nothing deployed is all that there is", () => {
    expect(costDifference(undefined, of(one))).toEqual({
      environment: { name: "", change: "added", idle: 5.672, typical: 5.672, ceiling: 5.672 },
      pools: [{ name: "training", change: "added", idle: 5.672, typical: 5.672, ceiling: 5.672 }],
      tenants: [],
      sentence: "this change adds up to USD 5.67/h",
    });
  });

  it("is the same with its sign changed the other way round", () => {
    const [there, back] = [costDifference(of(one, other), of(two)), costDifference(of(two), of(one, other))];
    expect([there.environment.ceiling, back.environment.ceiling]).toEqual([-5.672, 5.672]);
  });

  it("of what is not known is not known", () => {
    const [change] = costDifference(of(pool({ minNodes: 1 })), of({ ...odd, name: "training", minNodes: 1 })).pools;
    expect(change).toEqual({
      name: "training",
      change: "changed",
      idle: undefined,
      typical: undefined,
      ceiling: undefined,
    });
  });

  it("of what is bounded neither before nor after is not known, and no change", () => {
    const [change] = costDifference(of(unbounded), of(unbounded)).pools;
    expect(change).toEqual({ name: "training", change: "unchanged", idle: 0, typical: 0, ceiling: undefined });
  });

  it("of what is bounded on one side only is without bound", () => {
    const [there, back] = [costDifference(of(one), of(unbounded)), costDifference(of(unbounded), of(one))];
    expect([there.environment.ceiling, back.environment.ceiling]).toEqual([Infinity, -Infinity]);
  });

  it.each<[string, StackCost | undefined, StackCost]>([
    ["this change adds up to USD 5.67/h", of(one), of(two)],
    ["this change saves up to USD 5.67/h", of(two), of(one)],
    ["this change changes nothing", of(one), of(one)],
    ["this change moves the cost, and leaves its ceiling as it is", of(pool({ minNodes: 1 })), of(pool())],
    [
      "this change moves the cost, and leaves its ceiling as it is",
      of(other),
      of(two, pool({ name: "z", maxNodes: 0 })),
    ],
    [
      "this change moves the cost, and leaves its ceiling as it is",
      of(other, pool({ minNodes: 1 })),
      of(other, pool()),
    ],
    ["this change adds up to USD 5.67/h", of(one, odd), of(two, odd)],
    ["this change adds up to USD 5.67/h, without what has no price", of(one, odd), of(two, larger)],
    ["this change adds up to USD 5.67/h, without what has no price", of(one, odd), of(two)],
    ["this change adds up to USD 5.67/h, without what has no price", of(one), of(two, odd)],
    ["this change saves up to USD 5.67/h, without what has no price", of(two, odd), of(one)],
    ["this change changes nothing", of(one, odd), of(one, odd)],
    ["this change changes nothing", of(odd), of(odd)],
    [NOT_KNOWN, of(one, odd), of(one, larger)],
    [NOT_KNOWN, of(odd), of(larger)],
    [NOT_KNOWN, of(odd), of({ ...odd, shape: { ...odd.shape, instanceTypes: ["x9.huge"] } })],
    [NOT_KNOWN, of(odd), of({ ...odd, shape: { ...odd.shape, instanceType: "x9.huge" } })],
    [NOT_KNOWN, of(odd), of({ ...odd, shape: { ...odd.shape, capacityType: "capacity-block" } })],
    [NOT_KNOWN, of(untold), of(untold)],
    [NOT_KNOWN, of(endless), of(endless)],
    [NOT_KNOWN, of(one), of(one, odd)],
    [NOT_KNOWN, of(one), of(odd)],
    ["with this change nothing bounds the cost", of(one), of(unbounded)],
    ["with this change nothing bounds the cost", undefined, of(unbounded)],
    ["nothing bounds the cost, as before", of(unbounded), of(unbounded)],
    ["this change bounds the cost to USD 5.67/h", of(unbounded), of(one)],
    ["this change bounds the cost to USD 5.67/h, without what has no price", of(unbounded), of(one, odd)],
    [NOT_KNOWN, of(unbounded), of(odd)],
  ])("reads %s", (sentence, before, after) => {
    expect(costDifference(before, after).sentence).toBe(sentence);
  });
});
