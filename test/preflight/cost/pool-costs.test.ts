import { describe, expect, it } from "vitest";
import type { CapacityType } from "../../../components/model";
import { pricesWith, UNKNOWN, type ToldPoolShape, type TreeObject } from "../../../components/model";
import { type CostInput, costOf } from "../../../preflight/cost";
import type { PlannedPool } from "../../../preflight/pools/planned-pool";
import { costs, peakOf, pool, poolComponent, poolCosts, proof, workload, poolUrn } from "./stack";

const PRICE = 5.672;
const karpenter = { usdPerHour: PRICE, source: "AWS price list by way of Karpenter v1.14.1", asOf: "2026-07-20" };

/** A stack of one pool that runs some workloads, so many pods of which fit on a node. */
function running(
  workloads: ReturnType<typeof workload>[],
  perNode: number,
  of: PlannedPool = pool(),
): Partial<CostInput> {
  const proofs = workloads.flatMap((each) => each.podSets.map((_, set) => proof(each, { [of.name]: perNode }, set)));
  return { pools: [of], workloads, proofs };
}

describe("a pool", () => {
  it("costs its least nodes idle and typically, and its most nodes at the ceiling", () => {
    expect(poolCosts(pool({ minNodes: 1, maxNodes: 3 }))).toEqual({
      pool: "training",
      instanceType: "g5.12xlarge",
      capacityType: "on-demand",
      idle: 5.672,
      typical: 5.672,
      ceiling: 17.016,
      nodes: { idle: 1, typical: 1, ceiling: 3 },
      price: karpenter,
      ceilingPrice: karpenter,
    });
  });

  it("costs nothing of three times 1.006 but 3.018", () => {
    const cheap = pool({ shape: { instanceTypes: ["g5.xlarge"] }, minNodes: 3, maxNodes: 3 });
    expect(poolCosts(cheap).ceiling).toBe(3.018);
  });

  it("costs nothing without nodes, whatever a node costs", () => {
    const empty = pool({ shape: { instanceTypes: ["x9.large"] }, maxNodes: 0 });
    expect(costs({ pools: [empty] })).toMatchObject({
      environment: { idle: 0, typical: 0, ceiling: 0 },
      pools: [{ idle: 0, typical: 0, ceiling: 0, price: undefined }],
      gaps: [],
    });
  });

  it("is not priced without a price, which is a gap", () => {
    const missing = "no on-demand price of x9.large in us-east-1 is known";
    const { pools, gaps } = costs({ pools: [pool({ shape: { instanceTypes: ["x9.large"] } })] });
    expect(pools[0]).toMatchObject({ idle: 0, typical: 0, ceiling: undefined, missing });
    expect(gaps).toEqual([`pool training: ${missing}`]);
  });

  it("has no bound where nothing bounds its nodes", () => {
    const { pools, gaps } = costs({ pools: [pool({ minNodes: 1, maxNodes: undefined })] });
    expect(pools[0]).toMatchObject({ idle: PRICE, typical: PRICE, ceiling: Infinity, nodes: { ceiling: Infinity } });
    expect(gaps).toEqual([]);
  });

  it.each<[keyof ToldPoolShape, object]>([
    ["minNodes", { idle: undefined, typical: undefined, ceiling: 22.688 }],
    ["maxNodes", { idle: 0, typical: 0, ceiling: undefined }],
  ])("is as far unknown as its %s", (property, figures) => {
    const maxNodes = property === "maxNodes" ? undefined : 4;
    const { pools, gaps } = costs({ pools: [pool({ maxNodes, unknowns: [{ property, reason: "" }] })] });
    expect(pools[0]).toMatchObject(figures);
    expect(gaps).toEqual([`pool training: its ${property} is not known yet`]);
  });

  it("costs no more idle than at its largest", () => {
    expect(poolCosts(pool({ minNodes: 9, maxNodes: 2 }))).toMatchObject({
      idle: 11.344,
      typical: 11.344,
      ceiling: 11.344,
    });
  });

  it("does not tell what is not known yet of its machines", () => {
    const hidden = poolCosts(pool({ shape: { instanceType: UNKNOWN, capacityType: UNKNOWN } }));
    expect([hidden.instanceType, hidden.capacityType]).toEqual([undefined, undefined]);
  });

  it("of spot machines costs an estimate, and the on-demand price at the ceiling", () => {
    const spot = poolCosts(pool({ shape: { capacityType: "spot" }, minNodes: 1, maxNodes: 2 }));
    expect(spot).toMatchObject({ idle: 3.4917, typical: 3.4917, ceiling: 11.344 });
    expect([spot.price?.usdPerHour, spot.ceilingPrice?.usdPerHour]).toEqual([3.4917, PRICE]);
  });

  it("of spot machines is known at the ceiling where the spot price is not", () => {
    const { pools, gaps } = costs({
      pools: [pool({ shape: { capacityType: "spot" }, zones: ["eu-central-1a"], minNodes: 1, maxNodes: 2 })],
    });
    expect(pools[0]).toMatchObject({ idle: undefined, typical: undefined, ceiling: 14.18564 });
    expect(gaps).toEqual(["pool training: no spot price of g5.12xlarge in eu-central-1 is known"]);
  });

  it.each(["reserved", "capacity-block"] as const)("of %s machines costs all of them always", (capacityType) => {
    const row = {
      instanceType: "g5.12xlarge",
      region: "us-east-1",
      capacityType,
      usdPerHour: 5,
      source: "a",
      asOf: "b",
    };
    const cost = poolCosts(pool({ shape: { capacityType }, minNodes: 0, maxNodes: 4 }), { prices: pricesWith([row]) });
    expect(cost).toMatchObject({ idle: 20, typical: 20, ceiling: 20, nodes: { idle: 4, typical: 4, ceiling: 4 } });
  });

  it("of reserved machines without a largest size is not known", () => {
    const { pools, gaps } = costs({ pools: [pool({ shape: { capacityType: "reserved" }, maxNodes: undefined })] });
    expect(pools[0]).toMatchObject({ idle: undefined, typical: undefined, ceiling: undefined });
    expect(gaps).toEqual(["pool training: how many machines are reserved for it is not known"]);
  });

  it("of reserved machines whose largest size is not known yet says that once", () => {
    const unknowns = [{ property: "maxNodes", reason: "" }] as const;
    const { gaps } = costs({ pools: [pool({ shape: { capacityType: "reserved" }, maxNodes: undefined, unknowns })] });
    expect(gaps).toEqual(["pool training: its maxNodes is not known yet"]);
  });
});

describe("a typical week of a pool", () => {
  const typicalNodes = (input: Partial<CostInput>) => costs(input).pools[0]!.nodes.typical;
  const always = { kind: "always" } as const;

  it("has the nodes of its schedules in their hours", () => {
    const schedules = [{ name: "nights", from: "20:00", to: "08:00", nodes: 2 }];
    const resources = [poolComponent("training", { schedules })];
    expect(poolCosts(pool({ minNodes: 0 }), { resources })).toMatchObject({ idle: 0, typical: 5.672, ceiling: 22.688 });
    expect(typicalNodes({ pools: [pool({ minNodes: 1 })], resources })).toBe(1.5);
  });

  it("says which schedules it leaves out", () => {
    const resources = [poolComponent("training", { schedules: UNKNOWN })];
    expect(costs({ pools: [pool()], resources }).gaps).toEqual(["pool training: its schedules are not known yet"]);
  });

  it.each([
    ["one node for what fits on one", [3, 1], 4, 1],
    ["two nodes for what is more", [3, 2], 4, 2],
    ["one node for three thirds of it", [1, 1, 1], 3, 1],
    ["its most nodes for what needs more", [99], 4, 4],
  ])("has %s of services", (_case, counts, perNode, nodes) => {
    const services = counts.map((count, index) => workload(`s${index}`, always, [{ count }]));
    expect(typicalNodes(running(services, perNode))).toBe(nodes);
  });

  it("has the least replicas of services that scale", () => {
    const properties: TreeObject = { spec: { predictor: { minReplicas: 1, maxReplicas: 9 } } };
    const service = workload("s", always, [{ count: 9, path: "spec.predictor" }], { properties });
    expect(typicalNodes(running([service], 1))).toBe(1);
  });

  it("has services on the nodes that are there anyway", () => {
    const service = workload("s", always, [{ count: 4 }]);
    expect(typicalNodes(running([service], 4, pool({ minNodes: 2 })))).toBe(2);
  });

  it("has repeated runs on top, whole nodes for as long as they take", () => {
    const run = workload("r", { kind: "repeated", hours: 12, runsPerWeek: 7 }, [{ count: 5 }]);
    const service = workload("s", always, [{ count: 1 }]);
    expect(typicalNodes(running([run], 4))).toBe(1);
    expect(typicalNodes(running([run, service], 4))).toBe(2);
    expect(typicalNodes(running([run, run, run, run, service], 4))).toBe(4);
  });

  it.each([
    ["services no more nodes than the packed peak has", { kind: "always" } as const, 0, 1, 1],
    [
      "repeated runs no more nodes than the packed peak has",
      { kind: "repeated", hours: 1, runsPerWeek: 168 } as const,
      0,
      1,
      1,
    ],
    ["services what is there anyway", { kind: "always" } as const, 2, 2, 2],
    ["services all that they need of a larger peak", { kind: "always" } as const, 0, 3, 2],
  ])("gives %s", (_case, timing, minNodes, peak, nodes) => {
    const input = running([workload("w", timing, [{ count: 8 }])], 4, pool({ minNodes }));
    expect(typicalNodes({ ...input, packing: peakOf({ training: peak }) })).toBe(nodes);
  });

  it("gives services and runs together no more nodes than the packed peak has", () => {
    const run = workload("r", { kind: "repeated", hours: 1, runsPerWeek: 168 }, [{ count: 4 }]);
    const service = workload("s", always, [{ count: 4 }]);
    expect(typicalNodes({ ...running([run, run, service], 4), packing: peakOf({ training: 2 }) })).toBe(2);
    expect(
      typicalNodes({ ...running([run, service], 4, pool({ minNodes: 2 })), packing: peakOf({ training: 2 }) }),
    ).toBe(2);
  });

  it("has all sets of a run together", () => {
    const run = workload("r", { kind: "repeated", hours: 1, runsPerWeek: 168 }, [
      { role: "driver", count: 1 },
      { role: "executor", count: 2 },
    ]);
    expect(typicalNodes(running([run], 4))).toBe(1);
  });

  it("has runs that overlap side by side", () => {
    // Two hours every half an hour: four at a time, of two pods each, on nodes of four.
    const timing = { kind: "repeated", hours: 2, runsPerWeek: 336, runsAtOnce: 4 } as const;
    expect(typicalNodes(running([workload("r", timing, [{ count: 8 }])], 4))).toBe(2);
    expect(typicalNodes(running([workload("r", { ...timing, runsPerWeek: 168 }, [{ count: 8 }])], 4))).toBe(1);
  });

  it("has no more of a run that is longer than the time between two than one all the time", () => {
    const timing = { kind: "repeated", hours: 2, runsPerWeek: 336 } as const;
    expect(typicalNodes(running([workload("r", timing, [{ count: 4 }])], 4))).toBe(1);
  });

  it("has nothing of jobs that run once", () => {
    expect(typicalNodes(running([workload("j", { kind: "once", hours: 9 }, [{ count: 4 }])], 4))).toBe(0);
  });

  it("does not count what keeps the nodes of a pool's own schedules ready, as these count already", () => {
    const run = workload("r", { kind: "repeated", hours: 12, runsPerWeek: 7 }, [{ count: 4 }]);
    const warmUp = { ...run, resource: { ...run.resource, parent: poolUrn("training") } };
    expect(typicalNodes(running([run], 4))).toBe(0.5);
    expect(typicalNodes(running([warmUp], 4))).toBe(0);
  });

  it.each([
    ["how long a run takes is not known", { kind: "repeated", runsPerWeek: 7 }],
    ["how often it runs is not known", { kind: "repeated", hours: 7 }],
  ] as const)("leaves out repeated work where %s", (reason, timing) => {
    const input = running([workload("r", timing)], 4);
    expect(typicalNodes(input)).toBe(0);
    expect(costs(input).gaps).toEqual([`Job ml/r: ${reason}, so that typical costs leave it out`]);
  });

  it("has nothing of what is suspended, however long it would take", () => {
    const input = running([workload("r", { kind: "repeated", runsPerWeek: 0 })], 4);
    expect(typicalNodes(input)).toBe(0);
    expect(costs(input).gaps).toEqual([]);
  });
});

describe("an environment", () => {
  it("costs the sum of its pools", () => {
    const pools = [
      pool({ minNodes: 1 }),
      pool({ name: "small", shape: { instanceTypes: ["g5.xlarge"] }, minNodes: 2 }),
    ];
    expect(costs({ pools }).environment).toEqual({ idle: 7.684, typical: 7.684, ceiling: 26.712 });
  });

  it("leaves out pools without a price, which are gaps", () => {
    const pools = [pool(), pool({ name: "odd", shape: { instanceTypes: ["x9.large"] }, minNodes: 1 })];
    expect(costs({ pools })).toMatchObject({
      environment: { idle: 0, typical: 0, ceiling: 22.688 },
      gaps: ["pool odd: no on-demand price of x9.large in us-east-1 is known"],
    });
  });

  it("costs an unknown amount where no pool has a price", () => {
    const { environment } = costs({ pools: [pool({ shape: { instanceTypes: ["x9.large"] }, minNodes: 1 })] });
    expect(environment).toEqual({ idle: undefined, typical: undefined, ceiling: undefined });
  });

  it("costs nothing without pools", () => {
    expect(costs({ region: "us-east-1" })).toMatchObject({
      region: "us-east-1",
      environment: { idle: 0, typical: 0, ceiling: 0 },
      gaps: [],
    });
  });

  it("takes the prices of the tables where no others are given", () => {
    const input = { pools: [pool()], workloads: [], proofs: [], packing: { pools: [], waiting: [] }, resources: [] };
    expect(costOf({ ...input, region: undefined }).pools[0]?.price).toEqual(karpenter);
  });
});

describe("the assumptions", () => {
  const about = (...pools: PlannedPool[]) => costs({ pools }).assumptions;
  const of = (capacityType: CapacityType) => pool({ shape: { capacityType } });

  it("say what the figures mean, and where prices are from and of which day", () => {
    const said = about(pool(), of("spot"), pool({ zones: ["us-west-2a"] }));
    expect(said[0]).toBe("Idle counts the least nodes of each pool.");
    expect(said.at(-1)).toBe(
      "Prices are from: AWS page of spot prices by way of spotinfo, 2026-08-06; " +
        "AWS price list by way of Karpenter v1.14.1, 2026-07-20; " +
        "AWS price list by way of instances.vantage.sh, 2026-01-21.",
    );
  });

  it("say nothing of prices where there are none", () => {
    expect(about().filter((sentence) => sentence.startsWith("Prices"))).toEqual([]);
  });

  it("name the pool itself without a day", () => {
    const resources = [poolComponent("training", { usdPerNodeHour: 4 })];
    expect(costs({ pools: [pool()], resources }).assumptions.at(-1)).toBe(
      "Prices are from: usdPerNodeHour of the pool.",
    );
  });

  it.each<[CapacityType, boolean, boolean]>([
    ["on-demand", false, false],
    ["spot", true, false],
    ["reserved", false, true],
    ["capacity-block", false, true],
  ])("of %s pools speak of what is special to these", (capacityType, spot, reserved) => {
    const said = about(of(capacityType)).join("\n");
    expect([said.includes("Spot prices change"), said.includes("whether they are used or not")]).toEqual([
      spot,
      reserved,
    ]);
  });

  it("speak of what is special to any of the pools", () => {
    const said = about(pool(), of("spot"), of("reserved")).join("\n");
    expect([said.includes("Spot prices change"), said.includes("whether they are used or not")]).toEqual([true, true]);
  });

  it("are whole sentences", () => {
    for (const sentence of about(pool(), of("spot"), of("reserved"))) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});
