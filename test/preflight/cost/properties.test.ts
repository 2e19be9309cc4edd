import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PRICES, pricesWith, type ToldPoolShape } from "../../../components/model";
import { costDifference, type CostInput, type HourlyCost, microsOf } from "../../../preflight/cost";
import type { Timing } from "../../../preflight/demand";
import type { PlannedPool } from "../../../preflight/pools/planned-pool";
import { costs, packed, pool, poolComponent, proof, workload } from "./stack";

const RUNS = { seed: 8, numRuns: 150 };
const FIGURES = ["idle", "typical", "ceiling"] as const;
const NAMES = ["a", "b", "c", "d"];

const TYPES = [
  ["g5.12xlarge"],
  ["g5.xlarge", "g6.xlarge"],
  ["m7i.large"],
  ["p5e.48xlarge"],
  ["p6-b300.48xlarge"],
  ["x9.large"],
];
const shape: fc.Arbitrary<ToldPoolShape> = fc.record({
  instanceTypes: fc.constantFrom(...TYPES),
  capacityType: fc.constantFrom("on-demand", "spot", "reserved", "capacity-block"),
});

/** A pool of any kind, and the schedules of its component. */
const anyPool = fc.record({
  shape,
  minNodes: fc.nat(5),
  maxNodes: fc.option(fc.nat(8), { nil: undefined }),
  zone: fc.constantFrom("us-east-1a", "us-west-2b", "eu-west-1a", ""),
  schedule: fc.option(
    fc.record({
      from: fc.constantFrom("00:00", "22:30"),
      to: fc.constantFrom("06:00", "23:00"),
      nodes: fc.integer({ min: 1, max: 9 }),
    }),
  ),
});

const timing: fc.Arbitrary<Timing> = fc.oneof(
  fc.constant<Timing>({ kind: "always" }),
  fc.record({ kind: fc.constant("once" as const), hours: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
  fc.record({
    kind: fc.constant("repeated" as const),
    hours: fc.double({ min: 0.01, max: 30, noNaN: true }),
    runsPerWeek: fc.double({ min: 0, max: 60, noNaN: true }),
  }),
);

const anyWorkload = fc.record({
  timing,
  sets: fc.array(fc.record({ count: fc.integer({ min: 1, max: 9 }), cpu: fc.integer({ min: 1, max: 48_000 }) }), {
    minLength: 1,
    maxLength: 2,
  }),
  pool: fc.nat(3),
  packed: fc.boolean(),
  tenant: fc.constantFrom(undefined, "vision", "speech"),
});

/** A stack of any pools and workloads; each workload runs on one of the pools. */
const anyStack: fc.Arbitrary<Partial<CostInput> & { pools: PlannedPool[] }> = fc
  .tuple(fc.array(anyPool, { minLength: 1, maxLength: 4 }), fc.array(anyWorkload, { maxLength: 6 }))
  .map(([drawnPools, drawnWorkloads]) => {
    const pools = drawnPools.map(({ zone, schedule: _, ...rest }, index) =>
      pool({ ...rest, name: NAMES[index]!, zones: [zone] }),
    );
    const placed = drawnWorkloads.map(({ timing: when, sets, tenant, pool: number, packed: isPacked }, index) => {
      const requests = sets.map(({ count, cpu }, set) => ({ role: `r${set}`, count, requests: { cpu, pods: 1 } }));
      const each = { ...workload(`w${index}`, when, requests), tenant };
      const name = NAMES[number % pools.length]!;
      const proofs = sets.map(({ cpu }, set) => proof(each, { [name]: Math.floor(48_000 / cpu) }, set));
      return { each, proofs, name, isPacked };
    });
    const onPools = Object.fromEntries(
      NAMES.map((name) => [
        name,
        Object.fromEntries(
          placed
            .filter((one) => one.isPacked && one.name === name)
            .flatMap(({ each }) => each.podSets.map(({ title, count }) => [title, count ?? 0])),
        ),
      ]),
    );
    const resources = drawnPools.flatMap(({ schedule }, index) =>
      schedule === null ? [] : [poolComponent(NAMES[index]!, { schedules: [{ name: "s", ...schedule }] })],
    );
    return {
      pools,
      workloads: placed.map(({ each }) => each),
      proofs: placed.flatMap(({ proofs }) => proofs),
      packing: packed(onPools),
      resources,
    };
  });

function micros(cost: HourlyCost, figure: (typeof FIGURES)[number]): number {
  return microsOf(cost[figure] ?? 0);
}

describe("the cost of any stack", () => {
  it("is least idle and most at the ceiling, of each pool, tenant and the environment", () => {
    fc.assert(
      fc.property(anyStack, (stack) => {
        const { environment, pools, tenants } = costs(stack);
        const isKnown = pools.every((each) => FIGURES.every((figure) => each[figure] !== undefined));
        for (const { idle, typical, ceiling } of [...pools, ...tenants, ...(isKnown ? [environment] : [])]) {
          if (idle !== undefined && typical !== undefined) expect(idle).toBeLessThanOrEqual(typical);
          if (typical !== undefined && ceiling !== undefined) expect(typical).toBeLessThanOrEqual(ceiling);
          if (idle !== undefined && ceiling !== undefined) expect(idle).toBeLessThanOrEqual(ceiling);
        }
      }),
      RUNS,
    );
  });

  it("is the sum of its pools, exactly", () => {
    fc.assert(
      fc.property(anyStack, (stack) => {
        const { environment, pools } = costs(stack);
        for (const figure of FIGURES) {
          const sum = pools.reduce((total, each) => total + micros(each, figure), 0);
          expect(micros(environment, figure)).toBe(sum);
          expect(environment[figure] === undefined).toBe(pools.every((each) => each[figure] === undefined));
        }
      }),
      RUNS,
    );
  });

  it("is the same in every order of pools, workloads and proofs", () => {
    fc.assert(
      fc.property(anyStack, (stack) => {
        const turned: Partial<CostInput> = {
          ...stack,
          pools: stack.pools.toReversed(),
          workloads: stack.workloads!.toReversed(),
          proofs: stack.proofs!.toReversed(),
          resources: stack.resources!.toReversed(),
        };
        const [one, other] = [costs(stack), costs(turned)];
        expect(other.environment).toEqual(one.environment);
        expect(other.pools.toReversed()).toEqual(one.pools);
        expect(other.workloads.toReversed()).toEqual(one.workloads);
        const byName = (a: { tenant: string }, b: { tenant: string }) => a.tenant.localeCompare(b.tenant);
        expect(other.tenants.toSorted(byName)).toEqual(one.tenants.toSorted(byName));
        expect(other.gaps.toSorted()).toEqual(one.gaps.toSorted());
      }),
      RUNS,
    );
  });

  it("names a gap for each figure that is not known, and none without", () => {
    fc.assert(
      fc.property(anyStack, (stack) => {
        const { pools, gaps } = costs(stack);
        for (const each of pools) {
          const isKnown = FIGURES.every((figure) => each[figure] !== undefined);
          expect(gaps.some((gap) => gap.startsWith(`pool ${each.pool}: `))).toBe(!isKnown);
        }
      }),
      RUNS,
    );
  });

  it("costs as many times as much as prices rise", () => {
    fc.assert(
      fc.property(anyStack, fc.integer({ min: 2, max: 9 }), (stack, factor) => {
        const dearer: typeof PRICES = {
          find: (...machine) => {
            const row = PRICES.find(...machine);
            return row && { ...row, usdPerHour: row.usdPerHour * factor };
          },
          isOverride: () => false,
        };
        const [once, often] = [costs(stack), costs({ ...stack, prices: dearer })];
        for (const figure of FIGURES) {
          for (const [index, each] of once.pools.entries()) {
            const expected = each[figure] === undefined ? undefined : each[figure] * factor;
            if (expected === undefined || expected === Infinity) expect(often.pools[index]![figure]).toBe(expected);
            else expect(Math.abs(often.pools[index]![figure]! - expected)).toBeLessThanOrEqual(factor * 1e-6);
          }
        }
      }),
      RUNS,
    );
  });

  it("moves with somebody's own price only where that machine is", () => {
    const own = { instanceType: "g5.12xlarge", region: "us-east-1", capacityType: "on-demand", usdPerHour: 1 } as const;
    const prices = pricesWith([{ ...own, source: "ours", asOf: "2026-11-01" }]);
    fc.assert(
      fc.property(anyStack, (stack) => {
        const [listed, ours] = [costs(stack), costs({ ...stack, prices })];
        for (const [index, before] of listed.pools.entries()) {
          const { shape: told, zones } = stack.pools[index]!;
          const after = ours.pools[index]!;
          const isThere = zones[0] === "us-east-1a" && (told.instanceTypes as string[])[0] === own.instanceType;
          const counts = isThere && told.capacityType !== "capacity-block";
          if (counts) expect(after.ceilingPrice?.usdPerHour).toBe(told.capacityType === "spot" ? 3.4917 : 1);
          else expect(after).toEqual(before);
        }
      }),
      RUNS,
    );
  });
});

describe("the difference of any two stacks", () => {
  it("has the other sign the other way round", () => {
    fc.assert(
      fc.property(anyStack, anyStack, (before, after) => {
        const [a, b] = [costs(before), costs(after)];
        const [there, back] = [costDifference(a, b), costDifference(b, a)];
        const changes = (of: typeof there) => [of.environment, ...of.pools, ...of.tenants];
        const reversed = new Map(changes(back).map((change, index) => [index === 0 ? "" : change.name, change]));
        const opposite = { added: "removed", removed: "added", changed: "changed", unchanged: "unchanged" };
        for (const change of changes(there)) {
          const other = reversed.get(change.name)!;
          expect(other.change).toBe(opposite[change.change]);
          for (const figure of FIGURES) {
            expect(other[figure]).toBe(change[figure] === undefined ? undefined : 0 - change[figure]);
          }
        }
      }),
      RUNS,
    );
  });

  it("is nothing of a stack and itself, but for pools of which it is not known how many nodes are paid for", () => {
    fc.assert(
      fc.property(anyStack, (stack) => {
        const cost = costs(stack);
        const { environment, pools, tenants } = costDifference(cost, costs(stack));
        const uncounted = cost.pools.filter(({ nodes }) => Object.values(nodes).includes(undefined));
        for (const { name, change, idle, typical, ceiling } of [environment, ...pools, ...tenants]) {
          expect(change).toBe(uncounted.some(({ pool }) => pool === name) ? "changed" : "unchanged");
          expect([idle ?? 0, typical ?? 0, ceiling ?? 0]).toEqual([0, 0, 0]);
        }
      }),
      RUNS,
    );
  });
});
