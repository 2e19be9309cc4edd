import { describe, expect, it } from "vitest";
import type { Workload } from "../../../preflight/demand";
import { job, pod, pool, set, system, TOLERANT, train, workload, ZONE } from "../placement/stack";
import { gpus, layoutsOf, pack } from "./pack";

describe("packingOf", () => {
  it("lays everything out on the fewest nodes that it finds, equal nodes once", () => {
    const packing = pack([job("a", gpus(1), { count: 4 }), job("b", gpus(3), { count: 2 })], [train()]);
    expect(packing).toEqual({
      pools: [
        {
          pool: "train",
          nodes: 3,
          gpus: 12,
          gpusInUse: 10,
          strandedGpus: 0,
          layouts: [
            {
              nodes: 2,
              pods: [
                { podSet: "b", pods: 1, gpusPerPod: 3 },
                { podSet: "a", pods: 1, gpusPerPod: 1 },
              ],
              idleGpus: 0,
              strandedGpus: 0,
            },
            { nodes: 1, pods: [{ podSet: "a", pods: 2, gpusPerPod: 1 }], idleGpus: 2, strandedGpus: 0 },
          ],
        },
      ],
      waiting: [],
    });
  });

  it("shows the nodes that a pool keeps without any pods", () => {
    expect(pack([job("a", pod({ cpus: 3 }))], [system()]).pools[0]).toMatchObject({
      nodes: 2,
      layouts: [
        { nodes: 1, pods: [{ podSet: "a", pods: 1, gpusPerPod: 0 }] },
        { nodes: 1, pods: [] },
      ],
    });
  });

  it("leaves GPUs to those who ask for them, where pods can be elsewhere", () => {
    const open = pool({ name: "gpu", gpus: 4, maxNodes: 2 });
    const packing = pack([job("a", pod({ cpus: 4 }), { count: 3 })], [open, system()]);
    expect(packing.pools.map(({ nodes }) => nodes)).toEqual([0, 3]);
  });

  it("places by priority, then what always runs, then larger pods", () => {
    const places = (...workloads: Workload[]) =>
      pack(workloads, [train({ maxNodes: 1 })]).waiting.map(({ podSet }) => podSet);
    const large = job("large", gpus(4));
    const small = job("small", gpus(1));
    const service = job("service", gpus(2), {}, { kind: "always" });
    const urgent = job("urgent", gpus(3), { priority: 10 });
    expect(places(small, large)).toEqual(["small"]);
    expect(places(large, service, small)).toEqual(["large"]);
    expect(places(large, service, urgent)).toEqual(["service", "large"]);
  });

  it("places gangs whole or not at all, and others in part", () => {
    const pools = [train({ maxNodes: 2 })];
    const packing = pack(
      [job("first", gpus(4)), job("gang", gpus(3), { minCount: 2 }), job("rest", gpus(2), { count: 3 })],
      pools,
    );
    expect(layoutsOf(packing)).toEqual([
      [1, "1 first"],
      [1, "2 rest"],
    ]);
    expect(packing.waiting).toEqual([
      { podSet: "gang", pods: 2, reason: "what else runs leaves no room for it on pool train (g5.12xlarge)" },
      { podSet: "rest", pods: 1, reason: "what else runs leaves room for 2 of 3 pods on pool train (g5.12xlarge)" },
    ]);
  });

  it("places what a set has beyond its gang where there is room", () => {
    const of = (role: string, count: number) => set(role, gpus(1), { count, minCount: 1, gang: "spec", role });
    const packing = pack([workload("elastic", [of("A", 2), of("B", 9)])], [train({ maxNodes: 2 })]);
    expect(packing.pools[0]).toMatchObject({ nodes: 2, gpusInUse: 8 });
    expect(packing.waiting).toEqual([
      { podSet: "B", pods: 3, reason: "what else runs leaves room for 6 of 9 pods on pool train (g5.12xlarge)" },
    ]);
  });

  it("gives up no room to a gang of which a set finds none", () => {
    const of = (role: string, gpuCount: number, minCount: number) =>
      set(role, gpus(gpuCount), { minCount, gang: "spec", role });
    const workloads = [
      job("first", gpus(4), { count: 2, priority: 1 }),
      workload("gang", [of("A", 2, 1), of("B", 1, 3)]),
      job("last", gpus(1), { count: 4, priority: -1 }),
    ];
    const packing = pack(workloads, [train()]);
    expect(layoutsOf(packing)).toEqual([
      [2, "1 first"],
      [1, "4 last"],
    ]);
    const reason = "what else runs leaves no room for its gang on pool train (g5.12xlarge)";
    expect(packing.waiting).toEqual([
      { podSet: "A", pods: 1, reason },
      { podSet: "B", pods: 3, reason },
    ]);
  });

  it("leaves out what can never run, and says why", () => {
    expect(pack([job("a", gpus(8))], [train()])).toMatchObject({
      pools: [{ nodes: 0, layouts: [] }],
      waiting: [{ podSet: "a", pods: 1, reason: "asks for 8 GPUs; a node of pool train (g5.12xlarge) has 4" }],
    });
  });

  it("says of sets that queue by themselves what their proof says", () => {
    const reason = "3 of 5 pods can run at once: pool train (g5.12xlarge) has 3 nodes at most with room for 1 each";
    expect(pack([job("a", gpus(3), { count: 5 })], [train()]).waiting).toEqual([{ podSet: "a", pods: 2, reason }]);
  });

  it("keeps what must be in a zone in it, and lets others have the other zones", () => {
    const volumes = [
      {
        claim: "data",
        terms: [{ expressions: [{ key: ZONE, operator: "In" as const, values: ["eu-1b"] }], fields: [] }],
      },
    ];
    const bound = job("bound", gpus(4, { volumes }), { count: 3 });
    const free = job("free", gpus(4), { count: 3 });
    const packing = pack([bound, free], [train({ minNodes: 2 })]);
    expect(packing.waiting.map(({ podSet, pods }) => [podSet, pods])).toEqual([
      ["bound", 1],
      ["free", 2],
    ]);
  });

  it("lists what is on a node by GPUs, then by number, then by name, and full nodes before others", () => {
    const small = (title: string, count: number) => job(title, pod({ cpus: 1, ...TOLERANT }), { count });
    const packing = pack([small("c", 1), small("b", 2), small("a", 1), job("z", gpus(2))], [train({ maxNodes: 1 })]);
    expect(layoutsOf(packing)).toEqual([[1, "1 z", "2 b", "1 a", "1 c"]]);
  });

  it("says nothing of a gang where a set names one that it is alone in", () => {
    const packing = pack(
      [job("first", gpus(4), { priority: 1 }), job("b", gpus(1), { count: 2, gang: "spec" })],
      [train({ maxNodes: 1 })],
    );
    expect(packing.waiting).toEqual([
      { podSet: "b", pods: 2, reason: "what else runs leaves no room for it on pool train (g5.12xlarge)" },
    ]);
  });

  it("places what cannot be told for certain where it may be", () => {
    const unknownPaths = ["spec.nodeSelector"];
    const packing = pack([job("a", gpus(3, { unknownPaths }), { count: 2 })], [train({ maxNodes: 1 })]);
    expect(packing.pools[0]).toMatchObject({ gpusInUse: 3 });
    expect(packing.waiting.map(({ pods }) => pods)).toEqual([1]);
  });

  it("is empty without workloads and without pools", () => {
    expect(pack([], [])).toEqual({ pools: [], waiting: [] });
  });
});
