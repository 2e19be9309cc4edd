import { describe, expect, it } from "vitest";
import type { Workload } from "../../../preflight/demand";
import { packingOf, type Packing } from "../../../preflight/packing";
import { proofsOf, type Limits } from "../../../preflight/placement";
import type { PlannedPool } from "../../../preflight/pools";
import { GIB, job, near, pod, pool, set, spread, system, TOLERANT, train, workload, ZONE } from "../placement/stack";

function pack(workloads: Workload[], pools: PlannedPool[], limits?: Limits): Packing {
  return packingOf(workloads, pools, proofsOf(workloads, pools, limits), limits);
}

const gpus = (count: number, more = {}) => pod({ gpus: count, ...TOLERANT, ...more });
const layoutsOf = ({ pools }: Packing, at = 0) =>
  pools[at]!.layouts.map(({ nodes, pods }) => [nodes, ...pods.map(({ podSet, pods: count }) => `${count} ${podSet}`)]);

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

describe("packing within queues and quotas", () => {
  const limits = (ceiling: number): Limits => ({
    queues: { ceilingOf: (_, resource) => (resource === "nvidia.com/gpu" ? ceiling : undefined), flavorsOf: () => [] },
  });
  const queue = { clusterQueue: "research" };

  it("lets the pods of a queue have what it has together", () => {
    const workloads = [
      job("a", gpus(2), { count: 3 }, queue),
      job("gang", gpus(1), { minCount: 4 }, queue),
      job("b", gpus(1), { count: 4 }, queue),
      job("free", gpus(1), { count: 1 }),
    ];
    const { waiting, pools } = pack(workloads, [train()], limits(8));
    expect(pools[0]).toMatchObject({ gpusInUse: 9 });
    expect(waiting).toEqual([
      { podSet: "gang", pods: 4, reason: "ClusterQueue research has 8 GPUs at most, of which 6 are in use" },
      { podSet: "b", pods: 2, reason: "ClusterQueue research has 8 GPUs at most, of which 8 are in use" },
    ]);
  });

  it("lets no two queues borrow the same of their cohort", () => {
    const cohort = { name: "all", ceilingOf: (resource: string) => (resource === "nvidia.com/gpu" ? 6 : undefined) };
    const queues: Limits = { queues: { ceilingOf: () => undefined, flavorsOf: () => [], cohortOf: () => cohort } };
    const workloads = [job("a", gpus(4), {}, queue), job("b", gpus(3), {}, { clusterQueue: "other" })];
    expect(pack(workloads, [train()], queues).waiting).toEqual([
      { podSet: "b", pods: 1, reason: "cohort all has 6 GPUs at most, of which 4 are in use" },
    ]);
  });

  it("says what a queue has where nothing of it is in use", () => {
    expect(pack([job("a", gpus(2), { count: 3 }, queue)], [train()], limits(1)).waiting).toEqual([
      { podSet: "a", pods: 3, reason: "no pod can run, as ClusterQueue research has 1 GPU at most" },
    ]);
  });

  it("sends all pods of a set to the nodes of one flavor, first to one that has room for all", () => {
    const flavors = ["small", "train"].map((name) => ({
      name,
      nodeLabels: { "mlstack.dev/pool": name },
      tolerations: [],
    }));
    const flavored: Limits = { queues: { ceilingOf: () => undefined, flavorsOf: () => flavors } };
    const pools = [train({ name: "small", maxNodes: 1 }), train()];
    const nodes = (count: number) =>
      pack([job("a", gpus(4), { count }, queue)], pools, flavored).pools.map((each) => each.nodes);
    expect(nodes(1)).toEqual([1, 0]);
    expect(nodes(3)).toEqual([0, 3]);
    expect(nodes(5)).toEqual([0, 3]);
  });
});

describe("packing pods with rules between them", () => {
  const apart = (app: string) => ({ labels: { app }, antiAffinity: [near(app)] });

  it("puts pods that keep apart on nodes of their own, and others beside them", () => {
    const workloads = [job("a", gpus(1, apart("a")), { count: 4 }), job("b", gpus(3), { count: 3 })];
    const packing = pack(workloads, [train()]);
    expect(layoutsOf(packing)).toEqual([[3, "1 b", "1 a"]]);
    expect(packing.waiting).toEqual([
      {
        podSet: "a",
        pods: 1,
        reason:
          "3 of 4 pods can run at once: no two of them may share a node, " +
          "and pool train (g5.12xlarge) has 3 nodes at most with room for 1 each",
      },
    ]);
  });

  it("keeps pods away from those whose anti-affinity is about them", () => {
    const lonely = job("lonely", gpus(1, { antiAffinity: [near("b")] }));
    const packing = pack([lonely, job("b", gpus(1, { labels: { app: "b" } }), { count: 9 })], [train()]);
    expect(layoutsOf(packing)).toEqual([
      [2, "4 b"],
      [1, "1 lonely"],
    ]);
    expect(packing.waiting.map(({ pods }) => pods)).toEqual([1]);
  });

  it("places the sets of a gang that others must be near to before these", () => {
    const client = set("gang A", gpus(1, { affinity: [near("b")] }), { minCount: 2, gang: "spec", role: "A" });
    const server = set("gang B", gpus(2, { labels: { app: "b" } }), { minCount: 1, gang: "spec", role: "B" });
    expect(layoutsOf(pack([workload("gang", [client, server])], [train()]))).toEqual([[1, "1 gang B", "2 gang A"]]);
  });

  it("places pods with rules before others of the same kind, and after services", () => {
    const lonely = job("lonely", gpus(1, apart("lonely")), { count: 2 });
    const service = job("service", gpus(4), {}, { kind: "always" });
    const packing = pack([job("a", gpus(4)), lonely, service], [train({ maxNodes: 2 })]);
    expect(layoutsOf(packing)).toEqual([
      [1, "1 service"],
      [1, "1 lonely"],
    ]);
    expect(packing.waiting.map(({ podSet }) => podSet)).toEqual(["lonely", "a"]);
  });

  it("takes a gang for one with rules where any of its sets has some", () => {
    const plain = set("gang B", gpus(1), { minCount: 1, gang: "spec", role: "B" });
    const ruled = set("gang A", gpus(1, apart("a")), { minCount: 2, gang: "spec", role: "A" });
    const packing = pack([job("first", gpus(3)), workload("gang", [plain, ruled])], [train({ maxNodes: 2 })]);
    expect(packing.waiting).toEqual([]);
    expect(packing.pools[0]).toMatchObject({ nodes: 2, gpusInUse: 6 });
  });

  it("places pods beside those that they must be near to, whichever come first", () => {
    const client = job("client", gpus(1, { affinity: [near("cache")] }), { count: 3 });
    const cache = job("cache", gpus(2, { labels: { app: "cache" } }));
    const packing = pack([client, cache], [train()]);
    expect(layoutsOf(packing)).toEqual([[1, "1 cache", "2 client"]]);
    expect(packing.waiting.map(({ podSet, pods }) => [podSet, pods])).toEqual([["client", 1]]);
  });

  it("spreads pods over zones with what was there before", () => {
    const even = job("even", gpus(2, { labels: { app: "e" }, spread: [spread("e", ZONE)] }), {
      count: 4,
      priority: -1,
    });
    const packing = pack([job("first", gpus(3), { count: 2 }), even], [train({ maxNodes: 4 })]);
    expect(layoutsOf(packing)).toEqual([
      [2, "2 even"],
      [2, "1 first"],
    ]);
  });

  it("takes back what it placed of a gang that finds no room", () => {
    const of = (role: string, app: string, minCount: number) =>
      set(role, gpus(1, apart(app)), { minCount, gang: "spec", role });
    const workloads = [
      job("first", gpus(4), { priority: 1 }),
      workload("gang", [of("A", "a", 1), of("B", "a", 2)]),
      job("last", gpus(4, { labels: { app: "a" } }), { count: 2, priority: -1 }),
    ];
    const packing = pack(workloads, [train()]);
    expect(layoutsOf(packing)).toEqual([
      [2, "1 last"],
      [1, "1 first"],
    ]);
    expect(packing.waiting.map(({ podSet }) => podSet)).toEqual(["A", "B"]);
  });
});

describe("stranded GPUs", () => {
  const strandedOf = (packing: Packing) =>
    packing.pools[0]!.layouts.map(({ idleGpus, strandedGpus, strandedReason }) => [
      idleGpus,
      strandedGpus,
      strandedReason,
    ]);

  it("are those of which fewer are left than any workload asks for", () => {
    const packing = pack([job("a", gpus(3), { count: 2 })], [train()]);
    expect(packing.pools[0]).toMatchObject({ strandedGpus: 2 });
    expect(strandedOf(packing)).toEqual([
      [1, 1, "no declared workload asks for 1 GPU or fewer; the least that one asks for is 3"],
    ]);
  });

  it("are those beside which something else of the node is used up", () => {
    const packing = pack([job("a", gpus(1, { memoryGib: 80 }), { count: 2 })], [train()]);
    expect(strandedOf(packing)).toEqual([
      [2, 2, "10 GiB of memory left beside them, and the smallest pod for them asks for 80 GiB of memory"],
    ]);
  });

  it("are those that the pods which fit do not add up to", () => {
    const large = job("a", gpus(1, { memoryGib: 160 }), { priority: 1 });
    const packing = pack([large, job("b", gpus(2), { minCount: 2 })], [train({ maxNodes: 1 })]);
    expect(strandedOf(packing)).toEqual([[3, 1, "the pods that fit have 2 each, which do not add up to 3 GPUs"]]);
  });

  it("are none where a declared workload could have them, alone or beside others", () => {
    const packing = pack([job("a", gpus(3), { minCount: 3 }), job("b", gpus(1))], [train()]);
    expect(strandedOf(packing)).toEqual([
      [0, 0, undefined],
      [1, 0, undefined],
    ]);
  });

  it("are parts of GPUs where these are shared", () => {
    const shares = pool({
      name: "shared",
      shape: { gpusPerNode: 2 },
      more: { "nvidia.com/gpu.shared": 8 },
      memoryGib: 10,
    });
    const packing = pack(
      [job("a", pod({ more: { "nvidia.com/gpu.shared": 1 }, memoryGib: 3 }), { count: 3 })],
      [shares],
    );
    expect(packing.pools[0]).toMatchObject({ gpus: 2, gpusInUse: 0.75, strandedGpus: 1.25 });
    expect(packing.pools[0]!.layouts[0]!.pods).toEqual([{ podSet: "a", pods: 3, gpusPerPod: 0.25 }]);
  });

  it("are all GPUs of nodes that nobody asks for", () => {
    const packing = pack([job("a", pod({ memoryGib: GIB > 0 ? 1 : 0, ...TOLERANT }))], [train({ minNodes: 1 })]);
    expect(strandedOf(packing)).toEqual([[4, 4, "no declared workload asks for GPUs of this pool"]]);
  });
});
