import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { median, rounded, spread } from "../../bench/statistics";

const samples = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1 });

describe("the median", () => {
  it.each([
    [[3], 3],
    [[1, 2], 1.5],
    [[9, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])("of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it("has no more than half of the samples on either side", () => {
    fc.assert(
      fc.property(samples, (values) => {
        const middle = median(values);
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });

  it("does not depend on the order of the samples, nor change it", () => {
    fc.assert(
      fc.property(samples, (values) => {
        const before = [...values];
        expect(median(values.toReversed())).toBe(median(values));
        expect(values).toEqual(before);
      }),
    );
  });

  it("is not moved by one disturbed run of five", () => {
    expect(median([2.1, 2.0, 60, 2.2, 2.1])).toBe(2.1);
  });

  it("needs a sample", () => {
    expect(() => median([])).toThrow(new RangeError("no sample has a median"));
  });
});

describe("the spread", () => {
  it("is from the least to the greatest sample", () => {
    expect(spread([2, 9, 1])).toEqual({ least: 1, greatest: 9 });
  });

  it("holds the median", () => {
    fc.assert(
      fc.property(samples, (values) => {
        const { least, greatest } = spread(values);
        expect(median(values)).toBeGreaterThanOrEqual(least);
        expect(median(values)).toBeLessThanOrEqual(greatest);
      }),
    );
  });
});

describe("a rounded number", () => {
  it.each([
    [0.034, "0.03"],
    [1.005, "1.00"],
    [4.567, "4.57"],
    [45.67, "45.7"],
    [456.7, "457"],
  ])("%d is %s", (value, text) => {
    expect(rounded(value)).toBe(text);
  });
});
