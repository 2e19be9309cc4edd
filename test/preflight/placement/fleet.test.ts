import { describe, expect, it } from "vitest";
import { ANY_ZONE, Fleet } from "../../../preflight/placement/fleet";
import { groundsOf } from "../../../preflight/placement/ground";
import { isNamed } from "../../../preflight/placement/named-pods";
import { NodeNames } from "../../../preflight/placement/node-names";
import { PodKinds } from "../../../preflight/placement/pod-kind";
import { fitting, ResourceNumbers } from "../../../preflight/placement/resource-numbers";
import { leastByPool } from "../../../preflight/packing/least";
import type { PlannedPool } from "../../../preflight/pools";
import { having, HOST, near, pod, pool, system, ZONE } from "./stack";

function prepared(...pools: PlannedPool[]) {
  const numbers = new ResourceNumbers();
  const grounds = groundsOf(pools, numbers);
  return { grounds, kinds: new PodKinds(grounds, numbers), numbers };
}

describe("Fleet", () => {
  it("keeps equal nodes as one group, and fills nodes that are there before it makes others", () => {
    const { grounds, kinds } = prepared(pool({ name: "a", cpus: 4, minNodes: 1, maxNodes: 9 }));
    const fleet = new Fleet(grounds);
    expect(fleet.place(0, kinds.of(pod()), 10)).toBe(10);
    expect(fleet.groups().map(({ nodes, pods }) => [nodes, pods?.pods])).toEqual([
      [1, 4],
      [1, 4],
      [1, 2],
    ]);
    expect(fleet.place(1, kinds.of(pod()), 1000)).toBe(26);
    expect(fleet.place(2, kinds.of(pod()), 1)).toBe(0);
    expect(fleet.groups().reduce((sum, { nodes }) => sum + nodes, 0)).toBe(9);
  });

  it("takes back what was done since a point", () => {
    const { grounds, kinds } = prepared(pool({ name: "a", cpus: 4, minNodes: 2, maxNodes: 5 }));
    const fleet = new Fleet(grounds);
    fleet.place(0, kinds.of(pod()), 3);
    const before = fleet.groups();
    const mark = fleet.mark();
    fleet.place(1, kinds.of(pod({ cpus: 2 })), 7);
    fleet.undo(mark);
    expect(fleet.groups()).toEqual(before);
    expect(fleet.reserveOf(grounds[0]!).nodes).toBe(3);
  });

  it("looks no more at nodes that can take nothing, and still counts them", () => {
    const { grounds, kinds } = prepared(pool({ name: "a", cpus: 4, maxNodes: 100, pods: 2 }));
    const kind = kinds.of(pod({ cpus: 3 }));
    const [least] = leastByPool(grounds, [kind]);
    const fleet = new Fleet(grounds, () => least!);
    for (let set = 0; set < 40; set++) {
      fleet.place(set, kind, 1);
      fleet.settle();
    }
    expect(fleet.groupsOf(grounds[0]!).length).toBeLessThan(32);
    expect(fleet.groups()).toHaveLength(40);
  });

  it("ties nodes to a zone once a pod minds it", () => {
    const { grounds, kinds } = prepared(system({ minNodes: 0 }));
    const fleet = new Fleet(grounds);
    fleet.place(0, kinds.of(pod()), 1);
    expect(fleet.groups().map(({ zone }) => zone)).toEqual([ANY_ZONE]);
    fleet.place(1, kinds.of(pod({ nodeSelector: { [ZONE]: "eu-1b" } })), 1);
    expect(fleet.groups().map(({ zone, pods }) => [zone, pods?.set])).toEqual([[1, 1]]);
    fleet.place(2, kinds.of(pod({ nodeSelector: { [ZONE]: "eu-1a" } })), 1);
    expect(fleet.groups().map(({ zone }) => zone)).toEqual([1, 0]);
  });
});

describe("leastByPool", () => {
  it("is the least that pods ask for which a pool takes, and nothing of what some do not ask for", () => {
    const { grounds, kinds } = prepared(pool({ name: "a", cpus: 8, gpus: 4 }), pool({ name: "b", cpus: 2 }));
    const least = leastByPool(grounds, [
      kinds.of(pod({ cpus: 4, gpus: 2 })),
      kinds.of(pod({ cpus: 3, gpus: 1 })),
      kinds.of(pod({ cpus: 2, memoryGib: 1 })),
    ]);
    // CPU, memory, pods and GPUs, in the order in which the pools name them.
    expect(least.map((amounts) => [...amounts])).toEqual([
      [2000, 0, 1, 0],
      [2000, 2 ** 30, 1, 0],
    ]);
  });
});

describe("fitting", () => {
  it.each<[asked: number, free: number, pods: number]>([
    [1, 3, 3],
    [2, 3, 1],
    [4, 3, 0],
    [1, 0, 0],
    [1, -2, 0],
  ])("%d of %d", (asked, free, pods) => {
    expect(fitting({ resources: [0], amounts: [asked] }, new Float64Array([free]))).toBe(pods);
  });

  it("is bounded by nothing for pods that ask for nothing, and impossible for what no pool names", () => {
    expect(fitting({ resources: [], amounts: [] }, new Float64Array(0))).toBe(Infinity);
    expect(fitting({ resources: [1], amounts: [1] }, new Float64Array([8]))).toBe(0);
  });
});

describe("NodeNames", () => {
  it("numbers the nodes of each zone in turn, and gives out again what was given up", () => {
    const [ground] = prepared(system()).grounds;
    const names = new NodeNames([ground!]);
    const take = (zone: number) => {
      const spot = names.next(ground!, zone);
      names.take(ground!, spot);
      return spot.number;
    };
    expect([take(0), take(1), take(0), take(1)]).toEqual([1, 2, 3, 4]);
    const mark = names.mark();
    expect([take(0), take(1)]).toEqual([5, 6]);
    names.undo(mark);
    expect([take(1), take(1), take(0)]).toEqual([6, 8, 5]);
    expect(new NodeNames([ground!]).all(ground!).map(({ number, zone }) => [number, zone])).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
    ]);
    expect(names.all(ground!)).toEqual([]);
  });
});

describe("isNamed", () => {
  const fields = [{ key: "metadata.name", operator: "In" as const, values: ["a"] }];
  it.each([
    ["nothing", {}, false],
    ["a name", { nodeName: "a" }, true],
    ["a selector of the name", { nodeSelector: { [HOST]: "a" } }, true],
    ["another selector", { nodeSelector: { [ZONE]: "a" } }, false],
    ["an affinity to the name", { nodeTerms: [{ expressions: [], fields }] }, true],
    ["an affinity to the label", { nodeTerms: [{ expressions: having(HOST, "a"), fields: [] }] }, true],
    [
      "an affinity to one of several labels",
      { nodeTerms: [{ expressions: [...having("b", "c"), ...having(HOST, "a")], fields: [] }] },
      true,
    ],
    ["another affinity", { nodeTerms: [{ expressions: having("b", "c"), fields: [] }] }, false],
    ["no terms", { nodeTerms: [] }, false],
  ])("%s", (_, args, expected) => {
    expect(isNamed(pod(args))).toBe(expected);
  });
});

describe("PodKinds", () => {
  it("are one for pods that are alike, whatever their names", () => {
    const { kinds } = prepared(system());
    expect(kinds.of(pod())).toBe(kinds.of(pod({ labels: { app: "b" }, namespace: "other" })));
    expect(kinds.of(pod())).not.toBe(kinds.of(pod({ cpus: 2 })));
    expect(kinds.of(pod())).not.toBe(kinds.of(pod({ nodeSelector: { a: "b" } })));
    expect(kinds.of(pod({ unknownPaths: ["spec"] }))).not.toBe(kinds.of(pod()));
    const ruled = (labels: Record<string, string>) => kinds.of(pod({ labels, antiAffinity: [near("a")] }));
    expect(ruled({ app: "a" })).toBe(ruled({ app: "a" }));
    expect(ruled({ app: "a" })).not.toBe(ruled({ app: "b" }));
    expect(kinds.of(pod({ nodeName: "system-1" })).isRuled).toBe(true);
    expect(kinds.of(pod()).isRuled).toBe(false);
  });

  it("try pools with the fewest GPUs first, then in the order of the plan", () => {
    const names = ["d", "c", "b", "a"];
    const { kinds } = prepared(...names.map((name, at) => pool({ name, gpus: [4, 1, 0, 1][at]! })));
    expect(kinds.of(pod()).order.map(({ pool: { name } }) => name)).toEqual(["b", "c", "a", "d"]);
    expect(kinds.of(pod({ gpus: 2 })).order.map(({ pool: { name } }) => name)).toEqual(["d"]);
  });
});

describe("groundsOf", () => {
  it("counts GPUs and what each unit of a resource is of them", () => {
    const offers = (more: Record<string, number>, gpusPerNode?: number) => {
      const shape = gpusPerNode === undefined ? {} : { gpusPerNode };
      const [ground] = prepared(pool({ name: "a", more, shape })).grounds;
      return [ground!.gpus, Object.fromEntries(ground!.gpuWorth)];
    };
    expect(offers({ "nvidia.com/gpu": 4 })).toEqual([4, { "nvidia.com/gpu": 1 }]);
    expect(offers({ "nvidia.com/gpu.shared": 8 }, 2)).toEqual([2, { "nvidia.com/gpu.shared": 0.25 }]);
    expect(offers({ "nvidia.com/mig-1g.5gb": 7, "nvidia.com/mig-2g.10gb": 7 }, 2)).toEqual([
      2,
      { "nvidia.com/mig-1g.5gb": 1 / 7, "nvidia.com/mig-2g.10gb": 1 / 7 },
    ]);
    expect(offers({ "nvidia.com/gpu": 0 }, 1)).toEqual([0, {}]);
    expect(offers({ "vpc.amazonaws.com/efa": 1 })).toEqual([0, {}]);
  });

  it("gives pools of equal machines the same number", () => {
    const { grounds } = prepared(pool({ name: "a" }), pool({ name: "b", cpus: 2 }), pool({ name: "c" }));
    expect(grounds.map(({ machine }) => machine)).toEqual([0, 1, 0]);
  });
});
