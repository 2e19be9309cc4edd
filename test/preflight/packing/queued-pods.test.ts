import { describe, expect, it } from "vitest";
import type { Workload } from "../../../preflight/demand";
import type { Limits } from "../../../preflight/placement";
import { flavor, inQueues, job, near, plainQueue, pod, queue, set, system, train, workload } from "../placement/stack";
import { gpus, pack } from "./pack";

const GPU = "nvidia.com/gpu";
const inResearch = { clusterQueue: "research" };

describe("packing within queues and quotas", () => {
  it("lets the pods of a queue have what it has together", () => {
    const workloads = [
      job("a", gpus(2), { count: 3 }, inResearch),
      job("gang", gpus(1), { minCount: 4 }, inResearch),
      job("b", gpus(1), { count: 4 }, inResearch),
      job("free", gpus(1), { count: 1 }),
    ];
    const { waiting, pools } = pack(workloads, [train()], plainQueue({ [GPU]: 8 }));
    expect(pools[0]).toMatchObject({ gpusInUse: 9 });
    expect(waiting).toEqual([
      { podSet: "gang", pods: 4, reason: "ClusterQueue research has 8 GPUs at most, of which 6 are in use" },
      { podSet: "b", pods: 2, reason: "ClusterQueue research has 8 GPUs at most, of which 8 are in use" },
    ]);
  });

  it("lets none of the pods run that are admitted together where a queue has too little for all", () => {
    const workloads = [
      job("a", gpus(2), { count: 3, admitted: [3, 3] }, inResearch),
      job("b", gpus(1), { count: 4, admitted: [4, 4] }, inResearch),
      job("c", gpus(1), { count: 4, admitted: [1, 4] }, inResearch),
    ];
    const { waiting } = pack(workloads, [train()], plainQueue({ [GPU]: 8 }));
    expect(waiting).toEqual([
      { podSet: "b", pods: 4, reason: "ClusterQueue research has 8 GPUs at most, of which 6 are in use" },
      { podSet: "c", pods: 2, reason: "ClusterQueue research has 8 GPUs at most, of which 8 are in use" },
    ]);
  });

  it("keeps the quota of all pods that were admitted together, though nodes take some of them only", () => {
    const workloads = [
      job("a", gpus(3), { count: 5, admitted: [5, 5] }, inResearch),
      job("b", gpus(1), { count: 3 }, inResearch),
    ];
    const { waiting } = pack(workloads, [train()], plainQueue({ [GPU]: 16 }));
    expect(waiting.map(({ podSet, pods }) => [podSet, pods])).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
    expect(waiting[1]!.reason).toBe("ClusterQueue research has 16 GPUs at most, of which 16 are in use");
  });

  it("keeps the quota of pods for which no node has room", () => {
    const workloads = [
      job("first", gpus(3), { count: 3, priority: 1 }),
      job("a", gpus(2), { count: 2, admitted: [2, 2] }, inResearch),
      job("b", gpus(1), { count: 3, admitted: [3, 3] }, inResearch),
    ];
    expect(pack(workloads, [train()], plainQueue({ [GPU]: 6 })).waiting).toEqual([
      { podSet: "a", pods: 2, reason: "what else runs leaves no room for it on pool train (g5.12xlarge)" },
      { podSet: "b", pods: 3, reason: "ClusterQueue research has 6 GPUs at most, of which 4 are in use" },
    ]);
    expect(pack(workloads, [train()], plainQueue({ [GPU]: 7 })).waiting.map(({ podSet }) => podSet)).toEqual(["a"]);
  });

  it("admits all sets of an object together, and keeps their quota while any of them runs", () => {
    const of = (role: string, of: number, count: number) =>
      set(role, gpus(of), { role, count, admitted: [count, count] });
    const both = workload("both", [of("A", 1, 2), of("B", 4, 1)], inResearch);
    const first = job("first", gpus(3), { count: 3, priority: 1 });
    const other = job("other", gpus(1), {}, inResearch);
    const { waiting } = pack([first, both, other], [train()], plainQueue({ [GPU]: 6 }));
    expect(waiting.map(({ podSet, reason }) => [podSet, reason])).toEqual([
      ["B", "what else runs leaves no room for it on pool train (g5.12xlarge)"],
      ["other", "ClusterQueue research has 6 GPUs at most, of which 6 are in use"],
    ]);
    const full = job("full", gpus(4), { count: 2, priority: 1 });
    const plain = job("plain", pod(), {}, inResearch);
    const kept = pack([full, both, plain], [train(), system()], plainQueue({ cpu: 3000 })).waiting;
    expect(kept.map(({ podSet, reason }) => [podSet, reason])).toEqual([
      ["A", "what else runs leaves no room for it on pool train (g5.12xlarge)"],
      ["plain", "ClusterQueue research has 3 CPUs at most, of which 3 are in use"],
    ]);
    const tight = pack([both, other], [train()], plainQueue({ [GPU]: 6 })).waiting;
    expect(tight.map(({ podSet }) => podSet)).toEqual(["other"]);
    const taken = job("taken", gpus(1), { priority: 1 }, inResearch);
    expect(pack([taken, both], [train()], plainQueue({ [GPU]: 6 })).waiting).toEqual(
      ["B", "A"].map((podSet) => ({
        podSet,
        pods: podSet === "A" ? 2 : 1,
        reason: "ClusterQueue research has 6 GPUs at most, of which 1 are in use",
      })),
    );
  });

  it("admits trials and groups one after the other, each whole", () => {
    const trials = job("trials", gpus(1), { count: 9, admitted: [3, 3] }, inResearch);
    const { waiting, pools } = pack([trials], [train()], plainQueue({ [GPU]: 8 }));
    expect(pools[0]).toMatchObject({ gpusInUse: 6 });
    expect(waiting).toEqual([
      { podSet: "trials", pods: 3, reason: "6 of 9 pods can run at once, as ClusterQueue research has 8 GPUs at most" },
    ]);
  });

  it("lets no two queues borrow the same of their cohort, beyond what each keeps for itself", () => {
    const ceilingOf = (_: string, resource: string) => (resource === GPU ? 6 : undefined);
    const one = (name: string, kept: number) =>
      queue([flavor({ name: "train", most: { [GPU]: 9 }, kept: { [GPU]: kept } })], {
        name,
        cohort: { name: "all", ceilingOf },
      });
    const waitingOf = (kept: number, ...sizes: number[]) => {
      const workloads = sizes.map((size, at) =>
        job(`${at}`, gpus(1), { count: size, admitted: [size, size] }, { clusterQueue: at % 2 === 0 ? "a" : "b" }),
      );
      return pack(workloads, [train()], inQueues(one("a", kept), one("b", 0))).waiting;
    };
    expect(waitingOf(0, 4, 3)).toEqual([
      { podSet: "1", pods: 3, reason: "flavor train of cohort all has 6 GPUs at most, of which 4 are in use" },
    ]);
    expect(waitingOf(0, 4, 2)).toEqual([]);
    expect(waitingOf(2, 4, 4)).toEqual([]);
    expect(waitingOf(2, 4, 5)).toEqual([
      { podSet: "1", pods: 5, reason: "flavor train of cohort all has 6 GPUs at most, of which 2 are in use" },
    ]);
    // What a queue kept for itself is there although its cohort has nothing left.
    expect(waitingOf(2, 1, 6, 1)).toEqual([]);
    expect(waitingOf(2, 1, 6, 2).map(({ podSet }) => podSet)).toEqual(["2"]);
  });

  it("says what a queue has where nothing of it is in use", () => {
    expect(pack([job("a", gpus(2), { count: 3 }, inResearch)], [train()], plainQueue({ [GPU]: 1 })).waiting).toEqual([
      { podSet: "a", pods: 3, reason: "no pod can run, as ClusterQueue research has 1 GPU at most" },
    ]);
  });

  it("leaves out what a queue never admits", () => {
    const groups = [{ resources: [GPU], isOpen: false, flavors: [flavor({ name: "train" })] }];
    const [waits] = pack([job("a", gpus(1), {}, inResearch)], [train()], inQueues(queue([], { groups }))).waiting;
    expect(waits!.reason).toMatch(/^asks for cpu, and ClusterQueue research covers only nvidia.com\/gpu/);
  });

  it("holds the pods of a namespace to its quota, of a gang and beyond", () => {
    const quotas = { ceilingOf: (_: string, resource: string) => (resource === "pods" ? 3 : undefined) };
    const waiting = (...workloads: Workload[]) => pack(workloads, [train()], { quotas }).waiting;
    expect(waiting(job("a", gpus(1), { count: 2 }), job("b", gpus(1), { count: 2 }))).toEqual([
      { podSet: "b", pods: 1, reason: "the quota of namespace ml has 3 pods at most, of which 3 are in use" },
    ]);
    expect(waiting(job("a", gpus(1), { count: 2 }), job("b", gpus(1), { minCount: 2 }))).toEqual([
      { podSet: "b", pods: 2, reason: "the quota of namespace ml has 3 pods at most, of which 2 are in use" },
    ]);
  });
});

describe("packing pods that a queue can admit by several flavors", () => {
  const byFlavors = (a: number | undefined, b: number | undefined): Limits =>
    inQueues(queue([flavor({ name: "a", most: { [GPU]: a } }), flavor({ name: "b", most: { [GPU]: b } })]));
  const pools = (a = 3, b = 3) => [train({ name: "a", maxNodes: a }), train({ name: "b", maxNodes: b })];
  const whole = (title: string, count: number, size = 1, more = {}) =>
    job(title, gpus(size, more), { count, admitted: [count, count] }, inResearch);
  const inUse = (workloads: Workload[], limits: Limits, of = pools()) => {
    const packing = pack(workloads, of, limits);
    return [packing.pools.map(({ gpusInUse }) => gpusInUse), packing.waiting.map(({ podSet, pods }) => [podSet, pods])];
  };

  it("sends each to the first with quota left for all that are admitted together", () => {
    expect(inUse([whole("x", 8), whole("y", 8)], byFlavors(8, 8))).toEqual([[8, 8], []]);
    expect(inUse([whole("x", 8), whole("y", 4), whole("z", 4)], byFlavors(12, 8))).toEqual([[12, 4], []]);
    const { waiting } = pack([whole("x", 8), whole("y", 8), whole("z", 1)], pools(), byFlavors(8, 8));
    expect(waiting).toEqual([
      {
        podSet: "z",
        pods: 1,
        reason:
          "flavor a of ClusterQueue research has 8 GPUs at most, of which 8 are in use; flavor b of ClusterQueue research " +
          "has 8 GPUs at most, of which 8 are in use",
      },
    ]);
  });

  it("lets pods wait where nodes of the first have no room, whatever room those of the next have", () => {
    const { waiting, pools: packed } = pack(
      [job("first", gpus(4), { count: 1, priority: 1 }), whole("x", 1, 4)],
      pools(1, 1),
      byFlavors(8, 8),
    );
    expect(packed.map(({ gpusInUse }) => gpusInUse)).toEqual([4, 0]);
    expect(waiting).toEqual([
      {
        podSet: "x",
        pods: 1,
        reason:
          "what else runs leaves no room for it on pool a (g5.12xlarge), where flavor a of ClusterQueue research sends it",
      },
    ]);
  });

  it("sends pods one by one to the first that has quota left", () => {
    const one = (count: number) => job("x", gpus(1), { count }, inResearch);
    expect(inUse([one(12)], byFlavors(8, 8))).toEqual([[8, 4], []]);
    expect(inUse([one(18)], byFlavors(8, 8))).toEqual([[8, 8], [["x", 2]]]);
    expect(inUse([one(12)], byFlavors(8, 8), pools(1, 3))).toEqual([[4, 4], [["x", 4]]]);
    const short = pack([one(12)], pools(1, 1), byFlavors(8, 2)).waiting;
    expect(short.map(({ pods, reason }) => [pods, reason])).toEqual([
      [6, "6 of 12 pods can run at once: 4 by flavor a and 2 by flavor b of ClusterQueue research"],
    ]);
    expect(inUse([whole("y", 6), one(4)], byFlavors(8, 8))).toEqual([[8, 2], []]);
    const { waiting } = pack([whole("y", 6), one(11)], pools(), byFlavors(8, 8));
    expect(waiting).toEqual([
      {
        podSet: "x",
        pods: 1,
        reason:
          "flavor a of ClusterQueue research has 8 GPUs at most, of which 8 are in use; flavor b of ClusterQueue research " +
          "has 8 GPUs at most, of which 8 are in use",
      },
    ]);
  });

  it("says where the nodes are that have no room, of pods that go one by one", () => {
    const workloads = [job("first", gpus(4), { count: 1, priority: 1 }), job("x", gpus(1), { count: 8 }, inResearch)];
    const { waiting } = pack(workloads, pools(2, 2), byFlavors(8, 8));
    expect(waiting).toEqual([
      {
        podSet: "x",
        pods: 4,
        reason:
          "what else runs leaves room for 4 of 8 pods on pool a (g5.12xlarge), where flavor a of ClusterQueue research " +
          "sends it",
      },
    ]);
  });

  it("gives each set of a gang the first with what the sets before have left", () => {
    const of = (role: string, count: number) => set(role, gpus(1), { minCount: count, gang: "spec", role });
    const gang = workload("gang", [of("A", 3), of("B", 4)], inResearch);
    expect(inUse([gang], byFlavors(7, 4))).toEqual([[7, 0], []]);
    expect(inUse([gang], byFlavors(6, 4))).toEqual([[3, 4], []]);
    expect(inUse([whole("x", 5), gang], byFlavors(8, 6))).toEqual([[8, 4], []]);
  });

  it("places pods that must be near others by the flavor that admits them, as far as its quota goes", () => {
    const drawn = (count: number) =>
      job("x", gpus(1, { labels: { app: "x" }, affinity: [near("x", "mlstack.dev/pool")] }), { count }, inResearch);
    expect(inUse([drawn(6)], byFlavors(4, 8))).toEqual([[4, 0], [["x", 2]]]);
    expect(inUse([drawn(6), job("y", gpus(1), { count: 3 }, inResearch)], byFlavors(4, 4))).toEqual([
      [4, 2],
      [
        ["x", 2],
        ["y", 1],
      ],
    ]);
  });

  it("tries those first for which nothing is borrowed, where the queue says so", () => {
    const flavors = [
      flavor({ name: "a", own: { [GPU]: 4 }, most: { [GPU]: 12 } }),
      flavor({ name: "b", own: { [GPU]: 4 }, most: { [GPU]: 12 } }),
    ];
    const used = (borrowsLast: boolean) =>
      inUse([whole("x", 4), whole("y", 4), whole("z", 4)], inQueues(queue(flavors, { borrowsLast })))[0];
    expect([used(false), used(true)]).toEqual([
      [12, 0],
      [8, 4],
    ]);
  });
});
