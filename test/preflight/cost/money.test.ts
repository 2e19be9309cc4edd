import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOfAmount, microsOf, sumOfAll, sumOfKnown, usdIfKnown, usdOf, usdText } from "../../../preflight/cost";

const SEED = { seed: 8, numRuns: 300 };
const usd = fc.double({ min: 0, max: 1e6, noNaN: true });

describe("money", () => {
  it("sums to the same amount in every order", () => {
    fc.assert(
      fc.property(
        fc
          .array(usd, { maxLength: 50 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(sumOfKnown(shuffled.map(microsOf))).toBe(sumOfKnown(all.map(microsOf)));
        },
      ),
      SEED,
    );
  });

  it("sums parts to what they make together", () => {
    fc.assert(
      fc.property(fc.array(usd), fc.array(usd), (a, b) => {
        const [first, second] = [a, b].map((part) => sumOfAll(part.map(microsOf))!);
        expect(sumOfAll([...a, ...b].map(microsOf))).toBe(first! + second!);
      }),
      SEED,
    );
  });

  it("leaves no dust: ten times ten cents are a dollar", () => {
    expect(usdOf(sumOfKnown(Array.from({ length: 10 }, () => microsOf(0.1)))!)).toBe(1);
  });

  it.each<[string, (number | undefined)[], number | undefined, number | undefined]>([
    ["of nothing", [], 0, 0],
    ["of what is known", [1, 2], 3, 3],
    ["without what is not", [1, undefined, 2], 3, undefined],
    ["of nothing that is known", [undefined], undefined, undefined],
    ["without a bound", [1, Infinity], Infinity, Infinity],
  ])("has a sum %s", (_case, amounts, known, all) => {
    expect(sumOfKnown(amounts)).toBe(known);
    expect(sumOfAll(amounts)).toBe(all);
  });

  it.each<[string, number | undefined, number | undefined, number | undefined]>([
    ["an amount at a price", 2.5, 0.4, 1_000_000],
    ["nothing at a price that is not known", 0, undefined, 0],
    ["an amount that is not known", undefined, 0.4, undefined],
    ["an amount at a price that is not known", 1, undefined, undefined],
    ["any amount for free", Infinity, 0, 0],
    ["an amount without a bound", Infinity, 1, Infinity],
    ["what is rounded to millionths", 1, 0.0000004, 0],
    ["what is rounded up to millionths", 1, 0.0000005, 1],
  ])("costs %s", (_case, amount, price, micros) => {
    expect(costOfAmount(amount, price)).toBe(micros);
  });

  it("is not known where it is not", () => {
    expect([usdIfKnown(undefined), usdIfKnown(0), usdIfKnown(1_500_000)]).toEqual([undefined, 0, 1.5]);
  });

  it.each([
    [0, "USD 0.00"],
    [12.24, "USD 12.24"],
    [12.345, "USD 12.35"],
    [1234.5, "USD 1234.50"],
    [0.0034, "USD 0.0034"],
    [0.006, "USD 0.01"],
    [-3, "USD -3.00"],
  ])("of %d reads %s", (amount, text) => {
    expect(usdText(amount)).toBe(text);
  });
});
