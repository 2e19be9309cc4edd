import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Combination, pairwise } from "./pairwise";

const anyOptions = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 7 })
  .map((counts) => Object.fromEntries(counts.map((count, index) => [`option${index}`, [...Array(count).keys()]])));

/** Each pair of values of two options as `option=value & option=value`, in the combinations. */
function pairsIn(combinations: Combination[]): Set<string> {
  const pairs = combinations.flatMap((combination) => {
    const values = Object.entries(combination).map(([name, value]) => `${name}=${String(value)}`);
    return values.flatMap((value, index) => values.slice(index + 1).map((other) => `${value} & ${other}`));
  });
  return new Set(pairs);
}

/** Every combination there is. */
function product(options: Record<string, unknown[]>): Combination[] {
  return Object.entries(options).reduce<Combination[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
}

describe("Combinations by pairs", () => {
  it("have every pair of values of two options", () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        expect([...pairsIn(pairwise(options))].sort()).toEqual([...pairsIn(product(options))].sort());
      }),
      { numRuns: 60 },
    );
  });

  it("have every value of a single option", () => {
    expect(pairwise({ replicas: [undefined, 1, 3] })).toEqual([
      { replicas: undefined },
      { replicas: 1 },
      { replicas: 3 },
    ]);
  });

  it("are far fewer than all combinations", () => {
    const options = Object.fromEntries(["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => [name, [1, 2, 3]]));
    expect(product(options).length).toBe(6561);
    expect(pairwise(options).length).toBeLessThan(25);
  });

  it("are only those that are allowed, and have each pair that one of the defaults has to give way for", () => {
    const options = { servers: [3, 1], copies: [2, 1], volume: ["small", "large"], name: ["a", "b"] };
    const isAllowed = ({ servers, copies }: Combination) => (servers as number) >= (copies as number);
    const allowed = product(options).filter(isAllowed);
    const combinations = pairwise(options, isAllowed);
    expect(combinations.filter((each) => !isAllowed(each))).toEqual([]);
    expect([...pairsIn(combinations)].sort()).toEqual([...pairsIn(allowed)].sort());
  });
});
