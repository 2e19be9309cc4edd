import { describe, expect, it } from "vitest";
import { Verdict } from "../../../preflight/placement/proof";
import type { CostInput } from "../../../preflight/cost";
import { costs, packed, pool, proof, workload } from "./stack";

const once = { kind: "once" } as const;

/** Four GPUs for USD 5.672/h, which are asked for first, and one for USD 1.006/h. */
const large = pool({ weight: 1 });
const small = pool({
  name: "small",
  shape: { instanceTypes: ["g5.xlarge"] },
  free: { cpu: 4000, pods: 100, "nvidia.com/gpu": 1 },
});

function costOf(of: ReturnType<typeof workload>, perNode: Record<string, number>, input: Partial<CostInput> = {}) {
  const proofs = of.podSets.map((_, set) => proof(of, perNode, set));
  return costs({ pools: [large, small], workloads: [of], proofs, ...input });
}

describe("a workload", () => {
  it("costs its pods' shares of their nodes by the hour, and for a run", () => {
    const job = workload("mnist", { kind: "once", hours: 2, hoursFrom: "deadline" }, [{ count: 3 }], {
      tenant: "vision",
    });
    expect(costOf(job, { training: 4 }).workloads).toEqual([
      {
        urn: "urn:mnist",
        title: "Job ml/mnist",
        tenant: "vision",
        usdPerHour: 4.254,
        usdPerRun: 8.508,
        hours: 2,
        hoursFrom: "deadline",
        usdPerTrial: undefined,
        usdPerSweep: undefined,
      },
    ]);
  });

  it("costs the share of the resource of which its pods take most", () => {
    const requests = { "nvidia.com/gpu": 1, cpu: 24_000, pods: 1 };
    expect(costOf(workload("j", once, [{ requests }]), { training: 2 }).workloads[0]?.usdPerHour).toBe(2.836);
  });

  it("costs whole nodes where the pool says less of its nodes than its pods ask for", () => {
    const requests = { "example.com/other": 1, pods: 1 };
    expect(costOf(workload("j", once, [{ requests, count: 2 }]), { training: 2 }).workloads[0]?.usdPerHour).toBe(
      11.344,
    );
  });

  it("costs what all of its sets do", () => {
    const job = workload("j", once, [
      { role: "driver", count: 1 },
      { role: "executor", count: 2 },
    ]);
    expect(costOf(job, { training: 4 }).workloads[0]?.usdPerHour).toBe(4.254);
  });

  it("has no cost of a run whose duration is not known", () => {
    expect(costOf(workload("j", once), { training: 4 }).workloads[0]).toMatchObject({
      usdPerHour: 1.418,
      usdPerRun: undefined,
      hours: undefined,
      hoursFrom: undefined,
    });
  });

  it("of trials costs one of those that run at once, and all that there are", () => {
    const sweep = workload("s", { kind: "once", hours: 0.5, trials: { total: 12, parallel: 3 } }, [{ count: 3 }]);
    expect(costOf(sweep, { training: 4 }).workloads[0]).toMatchObject({
      usdPerHour: 4.254,
      usdPerRun: 0.709,
      usdPerTrial: 0.709,
      usdPerSweep: 8.508,
    });
  });

  it("of runs that overlap costs all of them by the hour, and one of them for a run", () => {
    const timing = { kind: "repeated", hours: 2, runsPerWeek: 336, runsAtOnce: 4 } as const;
    expect(costOf(workload("c", timing, [{ count: 8 }]), { training: 4 }).workloads[0]).toMatchObject({
      usdPerHour: 11.344,
      usdPerRun: 5.672,
    });
  });

  it("of trials without a duration costs as much by the hour as others", () => {
    const sweep = workload("s", { kind: "once", trials: { total: 12, parallel: 3 } }, [{ count: 3 }]);
    expect(costOf(sweep, { training: 4 }).workloads[0]).toMatchObject({
      usdPerHour: 4.254,
      usdPerTrial: undefined,
      usdPerSweep: undefined,
    });
  });

  it("costs what spot machines do", () => {
    const pools = [pool({ shape: { capacityType: "spot" } })];
    expect(costOf(workload("j", once, [{ count: 4 }]), { training: 4 }, { pools }).workloads[0]?.usdPerHour).toBe(
      3.4917,
    );
  });

  it("has no cost where the pool has no price, which is the pool's gap", () => {
    const pools = [pool({ shape: { instanceTypes: ["x9.large"] } })];
    const { workloads, gaps } = costOf(workload("j", { ...once, hours: 1 }), { training: 4 }, { pools });
    expect(workloads[0]).toMatchObject({ usdPerHour: undefined, usdPerRun: undefined });
    expect(gaps).toEqual(["pool training: no on-demand price of x9.large in us-east-1 is known"]);
  });

  it("has no cost where the number of its pods is not known", () => {
    const job = workload("j", once, [{ role: "driver" }, { role: "executor", count: undefined }]);
    const { workloads, gaps } = costOf(job, { training: 4 });
    expect(workloads[0]?.usdPerHour).toBeUndefined();
    expect(gaps).toEqual(["Job ml/j executor: how many pods it has is not known"]);
  });

  it.each([
    ["no pool is known to take its pods", { training: 0 }],
    ["nothing is known of them", {}],
    ["the pool that takes them is none of the stack's", { other: 4 }],
  ])("has no cost where %s", (_case, perNode) => {
    const { workloads, gaps } = costOf(workload("j", once), perNode);
    expect(workloads[0]?.usdPerHour).toBeUndefined();
    expect(gaps).toEqual(["Job ml/j: where its pods can run is not known"]);
  });

  it("has no cost where it is proved nowhere", () => {
    const { gaps } = costOf(workload("j", once), {}, { proofs: [] });
    expect(gaps).toEqual(["Job ml/j: where its pods can run is not known"]);
  });

  it("that never runs has none, and there is no gap", () => {
    const job = workload("j", { ...once, hours: 1 });
    const proofs = [{ ...proof(job, { training: 4 }), verdict: Verdict.never }];
    const { workloads, gaps } = costOf(job, {}, { proofs });
    expect(workloads[0]).toMatchObject({ usdPerHour: undefined, usdPerRun: undefined });
    expect(gaps).toEqual([]);
  });
});

describe("a workload of several sets", () => {
  it("has no cost where one of them never runs", () => {
    const job = workload("j", once, [{ role: "driver" }, { role: "executor" }]);
    const proofs = [proof(job, { training: 4 }, 0), { ...proof(job, { training: 4 }, 1), verdict: Verdict.never }];
    expect(costOf(job, {}, { proofs }).workloads[0]?.usdPerHour).toBeUndefined();
  });
});

describe("the pools on which pods are counted", () => {
  const usdPerHour = (
    count: number,
    pods: Record<string, Record<string, number>>,
    perNode = { training: 4, small: 1 },
  ) => costOf(workload("j", once, [{ count }]), perNode, { packing: packed(pods) }).workloads[0]?.usdPerHour;

  it.each([
    ["are those on which they are packed", 2, { small: { "Job ml/j": 2 } }, 2.012],
    [
      "are several where they are packed on several",
      3,
      { training: { "Job ml/j": 1 }, small: { "Job ml/j": 2 } },
      3.43,
    ],
    ["are the first that takes any for those that wait", 3, { small: { "Job ml/j": 1 } }, 3.842],
    ["are the first that takes any where none is packed", 1, {}, 1.418],
    ["are no others where more are packed than there are", 1, { small: { "Job ml/j": 5 } }, 1.006],
    ["are not those of others", 1, { small: { "Job ml/other": 1 } }, 1.418],
    ["are the first for waiting pods beside packed ones there", 3, { training: { "Job ml/j": 2 } }, 4.254],
  ])("%s", (_case, count, pods, usd) => {
    expect(usdPerHour(count, pods)).toBe(usd);
  });

  it("are those with room for pods that wait, in the order in which they are asked for nodes", () => {
    expect(usdPerHour(6, {}, { small: 2, training: 4 })).toBe(7.684);
    const job = workload("j", once, [{ count: 6 }]);
    const pools = [pool({ preferencePrice: 2 }), { ...small, preferencePrice: 1 }];
    expect(costOf(job, { training: 4, small: 2 }, { pools }).workloads[0]?.usdPerHour).toBe(7.684);
    expect(costOf(job, { training: 5, small: 5 }, { pools }).workloads[0]?.usdPerHour).toBe(5.442);
  });

  it.each([
    ["can run at once and no others", Verdict.queues, 3, 4.254],
    ["may run where that is not decided", Verdict.undecided, 0, 5.672],
  ])("are those of pods that %s", (_case, verdict, atOnce, usd) => {
    const job = workload("j", once, [{ count: 4 }]);
    const proofs = [{ ...proof(job, { training: 4 }), verdict, atOnce }];
    expect(costOf(job, {}, { proofs }).workloads[0]?.usdPerHour).toBe(usd);
  });

  it("cost no more than they may at most", () => {
    const job = workload("j", once, [{ count: 2, requests: { "nvidia.com/gpu": 3, pods: 1 } }]);
    const pools = [pool({ maxNodes: 1 })];
    expect(costOf(job, { training: 1 }, { pools }).workloads[0]?.usdPerHour).toBe(5.672);
  });

  it("are found where the proof does not speak of them", () => {
    expect(usdPerHour(2, { small: { "Job ml/j": 2 } }, { training: 4 } as never)).toBe(2.012);
  });

  it("are no others than those on which all are packed, so that these need no price", () => {
    const pools = [pool({ shape: { instanceTypes: ["x9.large"] } }), small];
    const input = { pools, packing: packed({ small: { "Job ml/j": 1 } }) };
    expect(costOf(workload("j", once), { training: 4, small: 1 }, input).workloads[0]?.usdPerHour).toBe(1.006);
  });

  it("count every node of a layout", () => {
    const [first] = packed({ small: { "Job ml/j": 1 } }).pools;
    const pools = [{ ...first!, layouts: first!.layouts.map((layout) => ({ ...layout, nodes: 2 })) }];
    const job = workload("j", once, [{ count: 2 }]);
    const input = { packing: { pools, waiting: [] } };
    expect(costOf(job, { training: 4, small: 1 }, input).workloads[0]?.usdPerHour).toBe(2.012);
  });

  it("are counted once where two workloads have one title", () => {
    const jobs = [workload("j", once), { ...workload("j", once), resource: { ...workload("k", once).resource } }];
    const proofs = jobs.map((job) => proof(job, { training: 4, small: 1 }));
    const { workloads } = costs({
      pools: [large, small],
      workloads: jobs,
      proofs,
      packing: packed({ small: { "Job ml/j": 1 } }),
    });
    expect(workloads.map((each) => each.usdPerHour)).toEqual([1.006, 1.418]);
  });

  it("are those of the set, not of another one of the workload", () => {
    const job = workload("j", once, [{ role: "driver" }, { role: "executor" }]);
    const proofs = [proof(job, { training: 4 }, 0), proof(job, { small: 1 }, 1)];
    expect(costs({ pools: [large, small], workloads: [job], proofs }).workloads[0]?.usdPerHour).toBe(2.424);
  });
});
