import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestMix, machinesWithin } from "../../../preflight/pools/machine-mix";

/** The most by trying every mix. */
function mostOfAll(values: readonly number[], uses: readonly number[][], limits: readonly number[]): number {
  const [value, ...others] = values;
  const [use, ...otherUses] = uses;
  if (value === undefined || use === undefined) return 0;
  const most = machinesWithin(use, limits);
  return Math.max(
    ...Array.from({ length: most + 1 }, (_, nodes) => {
      const left = limits.map((limit, at) => limit - nodes * use[at]!);
      return nodes * value + mostOfAll(others, otherUses, left);
    }),
  );
}

describe("the best mix of machines", () => {
  it.each([
    ["takes the type that brings most for the limit", [1, 4, 8], [[1], [4], [8]], [16], 16, [0, 0, 2]],
    ["fills up with smaller ones", [1, 4], [[1], [4]], [6], 6, [2, 1]],
    ["leaves room that no type fits into", [8, 8], [[8], [8]], [12], 8, [1, 0]],
    [
      "keeps to every limit",
      [1, 4],
      [
        [1, 1],
        [1, 4],
      ],
      [2, 5],
      5,
      [1, 1],
    ],
    ["passes over what brings nothing", [0, 1], [[1], [4]], [9], 2, [0, 2]],
    ["has nothing where the limits allow no machine", [3, 5], [[2], [4]], [1], 0, [0, 0]],
    ["has nothing of no types", [], [], [4], 0, []],
  ])("%s", (_, values, uses, limits, most, nodes) => {
    expect(bestMix(values, uses, limits)).toEqual({ most, bound: most, nodes });
  });

  it("has no end where some type is not held by any limit", () => {
    expect(bestMix([1, 2], [[1], [0]], [4])).toEqual({ most: Infinity, bound: Infinity, nodes: [0, Infinity] });
    expect(bestMix([1], [[]], [])).toEqual({ most: Infinity, bound: Infinity, nodes: [Infinity] });
    expect(bestMix([1, 0], [[1], [0]], [4])).toMatchObject({ most: 4, bound: 4 });
  });

  it("is what trying all of them finds", () => {
    const machine = fc.record({ value: fc.nat(9), uses: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(6)) });
    fc.assert(
      fc.property(fc.array(machine, { maxLength: 4 }), fc.tuple(fc.nat(14), fc.nat(14)), (machines, limits) => {
        const [values, uses] = [machines.map(({ value }) => value), machines.map((each) => [...each.uses])];
        const { most, bound, nodes } = bestMix(values, uses, limits);
        expect(bound).toBe(most);
        expect(most).toBe(mostOfAll(values, uses, limits));
        expect(nodes.reduce((sum, count, type) => sum + count * values[type]!, 0)).toBe(most);
        limits.forEach((limit, at) => {
          expect(nodes.reduce((sum, count, type) => sum + count * uses[type]![at]!, 0)).toBeLessThanOrEqual(limit);
        });
      }),
      { seed: 8, numRuns: 500 },
    );
  });

  it("is bounded where there are too many to try", () => {
    const types = Array.from({ length: 30 }, (_, at) => 1001 + 2 * at);
    const values = types.map((use) => use + (use % 7));
    const { most, bound, nodes } = bestMix(
      values,
      types.map((use) => [use, 1 + (use % 3)]),
      [1_000_000, 900],
    );
    expect(most).toBeLessThanOrEqual(bound);
    expect(bound).toBeLessThan(most * 1.05);
    expect(nodes.reduce((sum, count, type) => sum + count * values[type]!, 0)).toBe(most);
  });

  it.each([
    ["limits are no multiple of what machines take", [2, 4, 8], [8011], 4004, [0, 1, 500]],
    ["several mixes leave a little", [1, 4, 8], [8095], 4045, [1, 1, 505]],
    ["there are two limits", [2, 4, 8], [8011, 34_371], 4004, [0, 1, 500]],
  ])(
    "is exact for thousands of machines that are multiples of each other, where %s",
    (_, values, limits, most, nodes) => {
      const uses = [
        [4, 16],
        [8, 32],
        [16, 64],
      ];
      const found = bestMix(
        values,
        uses.map((each) => each.slice(0, limits.length)),
        limits,
      );
      expect(found).toEqual({ most, bound: most, nodes });
    },
  );

  it("does not lose a whole machine to the noise of a division", () => {
    for (let use = 1; use < 200; use++) expect(bestMix([use, 1], [[use], [1]], [use * 7]).bound).toBe(use * 7);
  });
});
