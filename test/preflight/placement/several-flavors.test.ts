import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../components/model";
import { proofsOf, type Limits } from "../../../preflight/placement";
import type { PlannedPool } from "../../../preflight/pools";
import { flavor, inQueues, near, pod, pool, proofOf, queue, set, workload, type PodArgs, type SetArgs } from "./stack";

describe("pods that a queue can admit by several flavors", () => {
  const CPUS = (a: number | typeof UNKNOWN | undefined, b: number | typeof UNKNOWN | undefined) =>
    inQueues(queue([flavor({ name: "a", most: { cpu: a } }), flavor({ name: "b", most: { cpu: b } })]));
  const vague = { unknowns: [{ property: "taints" as const, reason: "they are not known yet" }] };
  /** Pools of nodes with room for two pods each. */
  const of = (
    a: Partial<PlannedPool>,
    b: Partial<PlannedPool>,
    args: SetArgs,
    limits = CPUS(undefined, undefined),
    more: PodArgs = {},
  ) => proofOf(more, args, [pool({ name: "a", cpus: 2, ...a }), pool({ name: "b", cpus: 2, ...b })], limits);

  it("get the first with quota for all that are admitted together", () => {
    const whole = (count: number, limits: Limits) =>
      of({ maxNodes: 9 }, { maxNodes: 9 }, { count, admitted: [count, count] }, limits);
    expect(whole(8, CPUS(8000, 8000)).pools[0]).toMatchObject({ pool: "a" });
    expect(whole(8, CPUS(7000, 8000)).pools[0]).toMatchObject({ pool: "b" });
    expect(whole(12, CPUS(8000, 9000))).toMatchObject({
      verdict: "never",
      reason:
        "12 pods are admitted together, and at most 9 can be, as flavor b of ClusterQueue research has 9 CPUs at most, " +
        "and pods that are admitted together get the same flavor",
      queues: [{ title: "flavor b of ClusterQueue research", needed: 12_000, ceiling: 9000 }],
    });
  });

  it("get the one with most quota where they are admitted in part", () => {
    const part = (limits: Limits) => of({ maxNodes: 9 }, { maxNodes: 9 }, { count: 12, admitted: [4, 12] }, limits);
    expect(part(CPUS(8000, 9000))).toMatchObject({ verdict: "queues", atOnce: 9 });
    expect(part(CPUS(3000, 3000))).toMatchObject({ verdict: "never" });
    expect(part(CPUS(3000, 12_000))).toMatchObject({ verdict: "runs" });
  });

  it("wait for nodes of the first, whatever room those of the next have", () => {
    expect(of({ maxNodes: 1 }, { maxNodes: 2 }, { count: 9 })).toMatchObject({ verdict: "queues", atOnce: 2 });
    expect(of({ maxNodes: 2 }, { maxNodes: 1 }, { count: 4 })).toMatchObject({ verdict: "runs", atOnce: 4 });
    expect(of({ maxNodes: 2, ...vague }, { maxNodes: 2 }, { count: 4, admitted: [4, 4] })).toMatchObject({
      verdict: "undecided",
    });
  });

  it("are undecided where only nodes of a later one could ever take them", () => {
    const reason =
      "ClusterQueue research admits it by flavor a first, on whose nodes it never runs (4 pods must run together, and at " +
      "most 2 can: pool a has 1 node at most, with room for 2); nodes of flavor b could take it, and are tried only " +
      "while flavor a has too little quota left";
    expect(of({}, { maxNodes: 2 }, { minCount: 4 })).toMatchObject({ verdict: "undecided", atOnce: 0, reason });
    expect(of({}, { maxNodes: 2 }, { minCount: 4, count: 5 })).toMatchObject({ verdict: "undecided", reason });
    expect(of({}, { maxNodes: 2 }, { minCount: 4 }, CPUS(undefined, 3000))).toMatchObject({ verdict: "never" });
    expect(of({}, { maxNodes: 2 }, { minCount: 4 }, CPUS(3000, undefined))).toMatchObject({ verdict: "runs" });
    expect(of({}, {}, { minCount: 4 })).toMatchObject({ verdict: "never", atOnce: 2 });
  });

  it("go one by one to the first that has quota left", () => {
    expect(of({ maxNodes: 9 }, { maxNodes: 9 }, { count: 12 }, CPUS(8000, 8000))).toMatchObject({ verdict: "runs" });
    expect(of({ maxNodes: 2 }, { maxNodes: 9 }, { count: 12 }, CPUS(8000, 8000))).toMatchObject({
      verdict: "queues",
      atOnce: 8,
      reason: "8 of 12 pods can run at once: 4 by flavor a and 4 by flavor b of ClusterQueue research",
    });
    expect(of({ maxNodes: 9 }, { maxNodes: 9 }, { count: 12, admitted: [3, 3] }, CPUS(8000, 5000))).toMatchObject({
      verdict: "queues",
      atOnce: 9,
    });
    expect(of({ maxNodes: 9 }, { maxNodes: 9 }, { count: undefined }, CPUS(8000, 8000))).toMatchObject({
      verdict: "undecided",
      atOnce: 16,
      reason: "how many pods it has at once is not known, and 16 can run at once",
    });
    expect(of({ maxNodes: 9 }, { maxNodes: 9 }, { count: 12 }, CPUS(0, 8000))).toMatchObject({
      verdict: "queues",
      atOnce: 8,
      reason: "8 of 12 pods can run at once, as flavor b of ClusterQueue research has 8 CPUs at most",
    });
  });

  it("are undecided one by one where something about the nodes or quotas of a flavor is not known", () => {
    expect(of({ maxNodes: 9, ...vague }, { maxNodes: 9 }, { count: 12 }, CPUS(8000, 8000))).toMatchObject({
      verdict: "undecided",
      atOnce: 4,
      reason: "whether pool a takes it is not known: they are not known yet",
    });
    expect(of({ maxNodes: 9 }, { maxNodes: 9 }, { count: 12 }, CPUS(8000, UNKNOWN))).toMatchObject({
      verdict: "undecided",
      atOnce: 8,
      reason: "what flavor b of ClusterQueue research has of cpu is not known yet",
    });
    const same = ["a", "b"].map((name) => flavor({ name, nodeLabels: {}, most: { cpu: 8000 } }));
    expect(of({ maxNodes: 3 }, { maxNodes: 0 }, { count: 12 }, inQueues(queue(same)))).toMatchObject({
      verdict: "undecided",
      atOnce: 6,
      reason:
        "how many run at once is not known, as flavor a and flavor b of ClusterQueue research are of the same nodes",
    });
    const apart = { labels: { app: "x" }, antiAffinity: [near("x")] };
    expect(of({ maxNodes: 9 }, { maxNodes: 9 }, { count: 12 }, CPUS(8000, 8000), apart)).toMatchObject({
      verdict: "undecided",
      atOnce: 8,
    });
  });

  it("are undecided where it is not known which of them has quota, unless all let them run", () => {
    const whole = (b: Partial<PlannedPool>) =>
      of({ maxNodes: 2 }, b, { count: 4, admitted: [4, 4] }, CPUS(UNKNOWN, 8000));
    expect(whole({ maxNodes: 2 })).toMatchObject({
      verdict: "undecided",
      reason: "what flavor a of ClusterQueue research has of cpu is not known yet",
    });
    const none = of({ maxNodes: 2 }, { maxNodes: 2 }, { count: 4, admitted: [4, 4] }, CPUS(UNKNOWN, UNKNOWN));
    expect(none.verdict).toBe("undecided");
  });

  it("try those first for which nothing is borrowed, where the queue says so", () => {
    const flavors = [
      flavor({ name: "a", own: { cpu: 2000 }, most: { cpu: 8000 } }),
      flavor({ name: "b", own: { cpu: 4000 }, most: { cpu: 4000 } }),
    ];
    const where = (borrowsLast: boolean, count: number) =>
      of(
        { maxNodes: 9 },
        { maxNodes: 9 },
        { count, admitted: [count, count] },
        inQueues(queue(flavors, { borrowsLast })),
      ).pools[0]!.pool;
    expect([where(false, 4), where(true, 4), where(true, 2), where(true, 6)]).toEqual(["a", "b", "a", "a"]);
  });
});

describe("sets that are admitted together by several flavors", () => {
  const limits = (a: number, b: number) =>
    inQueues(queue([flavor({ name: "a", most: { cpu: a } }), flavor({ name: "b", most: { cpu: b } })]));
  const proofs = (of: Limits, a = 9, b = 9) => {
    const one = (role: string, count: number) => set(role, pod(), { role, count, admitted: [count, count] });
    const pools = [pool({ name: "a", cpus: 2, maxNodes: a }), pool({ name: "b", cpus: 2, maxNodes: b })];
    return proofsOf([workload("Job ml/a", [one("A", 3), one("B", 4)], { clusterQueue: "research" })], pools, of);
  };

  it("get one each, the first with what the sets before have left", () => {
    const where = (of: Limits) => proofs(of).map(({ pools, verdict }) => [verdict, pools[0]!.pool]);
    expect(where(limits(7000, 0))).toEqual([
      ["runs", "a"],
      ["runs", "a"],
    ]);
    expect(where(limits(6000, 4000))).toEqual([
      ["runs", "a"],
      ["runs", "b"],
    ]);
  });

  it("never run where a set finds none", () => {
    expect(proofs(limits(6000, 3000))[0]).toMatchObject({
      verdict: "never",
      atOnce: 0,
      reason:
        "3 pods of A and 4 pods of B that are admitted together find no quota: for 4 pods of B, flavor a of ClusterQueue " +
        "research has 6 CPUs at most, of which 3 are in use; flavor b of ClusterQueue research has 3 CPUs at most",
    });
  });

  it("are undecided where only nodes of a later one could take them", () => {
    expect(proofs(limits(7000, 7000), 0)[1]).toMatchObject({ verdict: "undecided" });
    expect(proofs(limits(7000, 3000), 0)[1]).toMatchObject({ verdict: "never" });
  });
});
