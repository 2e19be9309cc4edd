import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rehearsalCost } from "../../../rehearsal/timeline/cost";
import { lanesOf } from "../../../rehearsal/timeline/lanes";
import { average } from "../../../rehearsal/timeline/steps";
import type { NodeSpan } from "../../../rehearsal/timeline/timeline";
import { node, pod, timeline } from "./recording";

const GPUS = 4;

/** Pods that a scheduler could have placed on a node with four GPUs: each begins when there is room for it. */
const placements = fc
  .array(
    fc.record({ gpus: fc.integer({ min: 1, max: GPUS }), wait: fc.nat(20), takes: fc.integer({ min: 1, max: 30 }) }),
    {
      maxLength: 20,
    },
  )
  .map((asked) => {
    const placed: { gpus: number; from: number; to: number }[] = [];
    let now = 0;
    for (const { gpus, wait, takes } of asked) {
      now += wait;
      const held = () => placed.filter(({ to }) => to > now).reduce((sum, each) => sum + each.gpus, 0);
      while (held() + gpus > GPUS) now = Math.min(...placed.map(({ to }) => to).filter((to) => to > now));
      placed.push({ gpus, from: now, to: now + takes });
    }
    return placed;
  });

describe("pods on the GPUs of a node", () => {
  it("never have the same one at the same time, nor one that the node has not", () => {
    fc.assert(
      fc.property(placements, (placed) => {
        const lanes = lanesOf(placed);
        placed.forEach((one, index) => {
          expect(lanes[index]).toHaveLength(one.gpus);
          expect(Math.max(...lanes[index]!)).toBeLessThan(GPUS);
          placed.slice(0, index).forEach((other, before) => {
            if (other.to <= one.from) return;
            expect(lanes[before]!.filter((lane) => lanes[index]!.includes(lane))).toEqual([]);
          });
        });
      }),
    );
  });

  it("hold together what the timeline says is in use, and never more than there is", () => {
    fc.assert(
      fc.property(placements, (placed) => {
        const seen = placed
          .flatMap(({ gpus, from, to }, index) => {
            const of = { gpus, node: "a", owner: undefined } as const;
            return [
              { at: from, order: 1, seen: pod(`p-${index}`, { ...of, phase: "Running" }) },
              { at: to, order: 0, seen: pod(`p-${index}`, { ...of, phase: "Succeeded" }) },
            ];
          })
          .sort((a, b) => a.at - b.at || a.order - b.order);
        const ends = Math.max(1, ...placed.map(({ to }) => to));
        const told = timeline(
          ends,
          [-1, node("a")],
          ...seen.map(({ at, seen: each }): [number, typeof each] => [at, each]),
        );
        const inUse = told.gpus.map(({ at, inUse: value }) => ({ at, value }));
        const held = placed.reduce((sum, { gpus, from, to }) => sum + gpus * (to - from), 0);
        expect(Math.max(...inUse.map(({ value }) => value))).toBeLessThanOrEqual(GPUS);
        expect(average(inUse, told.ends) * told.ends).toBeCloseTo(held * 10, 4);
        expect(told.workloads.reduce((sum, { gpuHours }) => sum + gpuHours, 0)).toBeCloseTo((held * 10) / 3600, 6);
      }),
    );
  });
});

const spans = fc.array(
  fc
    .record({
      from: fc.integer({ min: 0, max: 20_000 }),
      takes: fc.integer({ min: 1, max: 20_000 }),
      stays: fc.boolean(),
      pool: fc.constantFrom("a", "b", "free"),
    })
    .map(({ from, takes, stays, pool }, index = 0): NodeSpan => {
      const machine = { instanceType: "g5.xlarge", capacityType: "on-demand", zone: "", gpus: 1 };
      return { name: `${pool}-${index}`, pool, ...machine, from, ...(stays ? {} : { to: from + takes }) };
    }),
  { maxLength: 12 },
);
const PRICES: Record<string, number> = { a: 1.25, b: 40 };

describe("the cost of nodes", () => {
  it("is the same by hour, by pool, by its rate, and in all", () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 20_000, max: 90_000 }), (nodes, ends) => {
        const { usd, hours, pools, rate } = rehearsalCost(nodes, ends, ({ pool }) => PRICES[pool]);
        const byHour = hours.reduce((sum, hour) => sum + hour.usd, 0);
        const byPool = pools.reduce((sum, pool) => sum + (pool.usd ?? 0), 0);
        expect(byHour).toBeCloseTo(usd, 6);
        expect(byPool).toBeCloseTo(usd, 6);
        const within = rate.filter(({ at }) => at < ends);
        expect((average(within, ends) * ends) / 3600).toBeCloseTo(usd, 6);
      }),
    );
  });

  it("leaves out what has no price, and says so", () => {
    const node = { name: "n", pool: "free", instanceType: "x", capacityType: "", zone: "", gpus: 0, from: 0 };
    expect(rehearsalCost([node], 7200, () => undefined)).toEqual({
      usd: 0,
      hours: [
        { hour: 0, usd: 0 },
        { hour: 1, usd: 0 },
      ],
      rate: [{ at: 0, value: 0 }],
      pools: [{ pool: "free", instanceType: "x", nodeHours: 2 }],
    });
  });
});
