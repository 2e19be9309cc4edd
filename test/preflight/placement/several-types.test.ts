import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planOf } from "../../../preflight/plan";
import { gpuInstanceTypes } from "../../../components/model";
import { stackOf } from "../pools/written-stack";

interface PoolArgs {
  name?: string;
  requirements?: string[];
  limits?: string;
  weight?: number;
}

const TYPE = "node.kubernetes.io/instance-type";
const types = (...names: string[]) => `{ key: ${TYPE}, operator: In, values: [${names.join(", ")}] }`;
const capacity = (...ways: string[]) =>
  `{ key: karpenter.sh/capacity-type, operator: In, values: [${ways.join(", ")}] }`;
const zone = "{ key: topology.kubernetes.io/zone, operator: In, values: [us-east-1a] }";

function nodePool({ name = "a", requirements = [], limits = "{}", weight }: PoolArgs): string {
  return `---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: ${name} }
spec:
  ${weight === undefined ? "" : `weight: ${weight}`}
  limits: ${limits}
  template:
    spec:
      requirements: [${[zone, ...requirements].join(", ")}]
`;
}

function deployment(name: string, replicas: number, limits: string, spec = ""): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ml }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { ${spec} containers: [{ name: main, image: none, resources: { limits: { ${limits} } } }] }
`;
}

const planned = (...yaml: string[]) => planOf(stackOf(yaml.join("")));
const peak = ({ packing }: ReturnType<typeof planned>) =>
  packing.pools.flatMap(({ pool, machines, nodes }) =>
    machines === undefined ? [[pool, nodes]] : machines.map((each) => [pool, each.nodes, each.instanceType]),
  );
const verdicts = ({ proofs }: ReturnType<typeof planned>) => proofs.map(({ verdict, atOnce }) => [verdict, atOnce]);

const ONE_OR_FOUR = types("g5.xlarge", "g5.12xlarge");
const FAMILY = "{ key: karpenter.k8s.aws/instance-family, operator: In, values: [g5] }";
const PINNED = `nodeSelector: { ${TYPE}: g5.12xlarge },`;

describe("a pool of several instance types", () => {
  it("takes none where its limits allow no node, and says so", () => {
    const none = nodePool({ requirements: [ONE_OR_FOUR], limits: "{ nodes: 0 }" });
    const { proofs } = planned(none, deployment("d", 1, "nvidia.com/gpu: 1", "tolerations: [{ operator: Exists }],"));
    expect(proofs).toMatchObject([{ verdict: "never", reason: "no pod can run: the limits of pool a allow no node" }]);
  });

  it("takes pods that one of its types takes", () => {
    const plan = planned(
      nodePool({ requirements: [ONE_OR_FOUR], limits: "{ nodes: 1 }" }),
      deployment("four", 1, "nvidia.com/gpu: 4"),
    );
    expect(verdicts(plan)).toEqual([["runs", 1]]);
    expect(plan.proofs[0]?.pools).toEqual([
      { pool: "a", instanceType: "g5.12xlarge", perNode: 1, atOnce: 1, obstacles: [] },
    ]);
    expect(peak(plan)).toEqual([["a", 1, "g5.12xlarge"]]);
  });

  it("takes pods that select one of its types", () => {
    const plan = planned(
      nodePool({ requirements: [ONE_OR_FOUR], limits: "{ nodes: 1 }" }),
      deployment("one", 1, "nvidia.com/gpu: 1", PINNED),
    );
    expect(verdicts(plan)).toEqual([["runs", 4]]);
    expect(peak(plan)).toEqual([["a", 1, "g5.12xlarge"]]);
  });

  it("refuses pods that select a type which it does not allow", () => {
    const plan = planned(
      nodePool({ requirements: [types("g5.xlarge", "g5.2xlarge")] }),
      deployment("one", 1, "cpu: 1", PINNED),
    );
    expect(verdicts(plan)).toEqual([["never", 0]]);
  });

  it("has as many pods at once as the best mix under its limits takes", () => {
    const of = (limits: string) =>
      verdicts(
        planned(nodePool({ requirements: [FAMILY], limits }), deployment("any", 2, "cpu: 6, nvidia.com/gpu: 1")),
      )[0];
    expect(of("{ nvidia.com/gpu: 16 }")).toEqual(["runs", 16]);
    expect(of("{ nvidia.com/gpu: 5 }")).toEqual(["runs", 5]);
    expect(of("{ nvidia.com/gpu: 16, nodes: 2 }")).toEqual(["runs", 16]);
    expect(of("{ cpu: 8 }")).toEqual(["queues", 1]);
    expect(of("{ cpu: 4 }")).toEqual(["never", 0]);
    expect(of("{}")).toEqual(["runs", Infinity]);
  });

  it("says how much room its limits leave where that is too little", () => {
    const plan = planned(
      nodePool({ requirements: [FAMILY], limits: "{ nvidia.com/gpu: 5 }" }),
      deployment("any", 9, "nvidia.com/gpu: 1"),
    );
    expect(plan.proofs[0]).toMatchObject({
      verdict: "queues",
      reason: "5 of 9 pods can run at once: pool a has room for 5 within its limits",
    });
  });

  it("is packed with the type that takes all pods of a set at the least price", () => {
    const pool = nodePool({ requirements: [FAMILY], limits: "{ nvidia.com/gpu: 16 }" });
    const plan = planned(
      pool,
      deployment("four", 2, "nvidia.com/gpu: 4"),
      deployment("any", 2, "cpu: 6, nvidia.com/gpu: 1"),
    );
    expect(peak(plan)).toEqual([
      ["a", 2, "g5.2xlarge"],
      ["a", 2, "g5.12xlarge"],
    ]);
    expect(plan.packing.pools[0]).toMatchObject({ nodes: 4, gpus: 10, gpusInUse: 10 });
    expect(plan.packing.pools[0]?.layouts.map(({ instanceType, nodes }) => [instanceType, nodes])).toEqual([
      ["g5.2xlarge", 2],
      ["g5.12xlarge", 2],
    ]);
    expect(plan.cost.pools[0]?.typical).toBeCloseTo(2 * 1.212 + 2 * 5.672, 6);
    expect(plan.cost.workloads.map(({ usdPerHour }) => usdPerHour)).toEqual([2 * 5.672, 2 * 1.212]);
  });

  it.each([
    ["plain pods", ""],
    [
      "pods that are to be apart from others",
      "topologySpreadConstraints: [{ maxSkew: 9, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: { matchLabels: { app: one } } }],",
    ],
  ])("is packed with a larger type where its limits allow too few of the cheapest: %s", (_, spec) => {
    const pool = nodePool({ requirements: [ONE_OR_FOUR], limits: "{ nodes: 2 }" });
    const plan = planned(pool, deployment("one", 6, "nvidia.com/gpu: 1", spec));
    expect(verdicts(plan)[0]?.[0]).toBe("runs");
    expect(plan.packing.waiting).toEqual([]);
    expect(peak(plan)).toEqual([["a", 2, "g5.12xlarge"]]);
  });

  it("shares its limits between all that runs on it", () => {
    const pool = nodePool({ requirements: [ONE_OR_FOUR], limits: "{ nvidia.com/gpu: 6 }" });
    const plan = planned(pool, deployment("four", 2, "nvidia.com/gpu: 4"), deployment("one", 3, "nvidia.com/gpu: 1"));
    expect(peak(plan)).toEqual([
      ["a", 2, "g5.xlarge"],
      ["a", 1, "g5.12xlarge"],
    ]);
    expect(plan.packing.waiting.map(({ podSet, pods }) => [podSet, pods])).toEqual([
      ["Deployment ml/four", 1],
      ["Deployment ml/one", 1],
    ]);
  });

  it("costs at most what the dearest mix under all of its limits does", () => {
    const ceiling = (limits: string) =>
      planned(nodePool({ requirements: [FAMILY, capacity("on-demand")], limits })).cost.pools[0]?.ceiling;
    expect(ceiling("{ nvidia.com/gpu: 16 }")).toBeCloseTo(16 * 4.096, 6);
    expect(ceiling("{ nvidia.com/gpu: 16, nodes: 3 }")).toBeCloseTo(16.288 + 2 * 8.144, 6);
    expect(ceiling("{ nodes: 2 }")).toBeCloseTo(2 * 16.288, 6);
    expect(ceiling("{ cpu: 2 }")).toBe(0);
    expect(ceiling("{}")).toBe(Infinity);
  });

  it("tells the cost of each type, and how many of it the ceiling counts", () => {
    const { cost } = planned(
      nodePool({ requirements: [ONE_OR_FOUR, capacity("spot")], limits: "{ nodes: 3, nvidia.com/gpu: 6 }" }),
    );
    expect(cost.pools[0]?.machines).toMatchObject([
      { instanceType: "g5.xlarge", ceilingPrice: { usdPerHour: 1.006 }, mostNodes: 3, ceilingNodes: 2 },
      { instanceType: "g5.12xlarge", ceilingPrice: { usdPerHour: 5.672 }, mostNodes: 1, ceilingNodes: 1 },
    ]);
    expect(cost.pools[0]).toMatchObject({ idle: 0, typical: 0, ceiling: 7.684 });
  });
});

describe("which of several pools is asked for new nodes", () => {
  const cheap = (args: PoolArgs = {}) =>
    nodePool({ name: "cheap", requirements: [types("g5.xlarge"), capacity("spot")], ...args });
  const dear = (args: PoolArgs = {}) =>
    nodePool({ name: "dear", requirements: [types("g5.xlarge"), capacity("on-demand")], ...args });
  const one = deployment("one", 1, "nvidia.com/gpu: 1");

  it.each([
    ["the one with the largest weight", [cheap({ weight: 1 }), dear({ weight: 2 })], "dear"],
    ["one with a weight before those without", [cheap(), dear({ weight: 1 })], "dear"],
    ["the cheapest where the weights are equal", [dear({ weight: 5 }), cheap({ weight: 5 })], "cheap"],
    ["the cheapest where none has a weight", [dear(), cheap()], "cheap"],
    [
      "one that may buy spot machines too, which it prefers",
      [dear(), cheap({ requirements: [types("g5.xlarge"), capacity("on-demand", "spot")] })],
      "cheap",
    ],
    ["the first of equal ones", [cheap({ name: "first" }), cheap()], "first"],
    [
      "one whose price is not known after all others",
      [nodePool({ name: "new", requirements: [types("g99.xlarge")] }), dear()],
      "dear",
    ],
  ])("%s", (_, pools, asked) => {
    const { packing } = planned(...pools, one);
    expect(packing.pools.filter(({ nodes }) => nodes > 0).map(({ pool }) => pool)).toEqual([asked]);
  });

  it("none, where a node that is there has room", () => {
    const group = `---
resource: aws:eks/nodeGroup:NodeGroup
name: there
inputs: { nodeGroupName: there, instanceTypes: [g5.48xlarge], scalingConfig: { minSize: 1, maxSize: 2 } }
`;
    const { packing } = planned(cheap({ weight: 9 }), group, deployment("one", 9, "nvidia.com/gpu: 1"));
    expect(packing.pools.map(({ pool, nodes, gpusInUse }) => [pool, nodes, gpusInUse])).toEqual([
      ["cheap", 1, 1],
      ["there", 1, 8],
    ]);
  });

  it("leaves machines with GPUs to pods that ask for them", () => {
    const plain = nodePool({ name: "plain", requirements: [types("r7i.4xlarge")] });
    const { packing } = planned(cheap(), plain, deployment("cpu", 1, "cpu: 1"));
    expect(packing.pools.map(({ nodes }) => nodes)).toEqual([0, 1]);
  });
});

const arbitraryTypes = fc.uniqueArray(
  fc.constantFrom(
    ...gpuInstanceTypes()
      .filter(({ instanceType }) => /^(g5|g6)\./.test(instanceType))
      .map((type) => type.instanceType),
  ),
  { minLength: 2, maxLength: 5 },
);
const arbitraryLimits = fc.record(
  { nodes: fc.nat(6), "nvidia.com/gpu": fc.nat(12), cpu: fc.integer({ min: 0, max: 200 }) },
  { requiredKeys: ["nodes"] },
);
const arbitrarySets = fc.array(
  fc.record({ pods: fc.integer({ min: 1, max: 6 }), gpus: fc.nat(4), cpus: fc.integer({ min: 1, max: 20 }) }),
  { minLength: 1, maxLength: 4 },
);

function generated(
  names: readonly string[],
  limits: object,
  sets: readonly { pods: number; gpus: number; cpus: number }[],
) {
  const pool = nodePool({ requirements: [types(...names), capacity("on-demand")], limits: JSON.stringify(limits) });
  const pods = sets.map(({ pods, gpus, cpus }, at) =>
    deployment(`d${at}`, pods, `cpu: ${cpus}${gpus > 0 ? `, nvidia.com/gpu: ${gpus}` : ""}`),
  );
  return planned(pool, ...pods);
}

describe("any pool of several instance types", () => {
  it("is never packed beyond its limits, nor for more than its ceiling", () => {
    fc.assert(
      fc.property(arbitraryTypes, arbitraryLimits, arbitrarySets, (names, limits, sets) => {
        const { packing, cost, pools } = generated(names, limits, sets);
        const nodes = new Map(packing.pools[0]?.machines?.map((each) => [each.instanceType, each.nodes]));
        pools[0]!.limits!.forEach((limit, at) => {
          const used = pools[0]!.machines!.map((machine) => machine.uses[at]! * (nodes.get(machine.instanceType) ?? 0));
          expect(used.reduce((sum, use) => sum + use, 0)).toBeLessThanOrEqual(limit);
        });
        const usd = cost.pools[0]!.machines!.map(
          (machine) => machine.ceilingPrice!.usdPerHour * (nodes.get(machine.instanceType) ?? 0),
        );
        expect(usd.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(cost.pools[0]!.ceiling! + 1e-6);
      }),
      { seed: 8, numRuns: 150 },
    );
  });

  it("places what runs where nothing else does", () => {
    fc.assert(
      fc.property(arbitraryTypes, arbitraryLimits, arbitrarySets, (names, limits, [first]) => {
        const { packing, proofs } = generated(names, limits, [first!]);
        if (proofs[0]?.verdict === "runs") expect(packing.waiting).toEqual([]);
      }),
      { seed: 8, numRuns: 150 },
    );
  });

  it("takes no fewer pods where it allows another type", () => {
    fc.assert(
      fc.property(arbitraryTypes, arbitraryLimits, arbitrarySets, (names, limits, sets) => {
        const all = generated(names, limits, sets).proofs;
        const fewer = generated(names.slice(1), limits, sets).proofs;
        fewer.forEach(({ atOnce, verdict }, at) => {
          expect(all[at]!.atOnce).toBeGreaterThanOrEqual(atOnce);
          if (verdict === "runs") expect(all[at]!.verdict).toBe("runs");
        });
      }),
      { seed: 8, numRuns: 100 },
    );
  });
});
