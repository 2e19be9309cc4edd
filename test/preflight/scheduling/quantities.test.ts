import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amountOf, roundedAmount, quantityOf } from "../../../preflight/scheduling/quantities";

describe("amountOf", () => {
  it.each<[resource: string, quantity: unknown, amount: number | undefined]>([
    ["cpu", "2", 2000],
    ["cpu", 0.5, 500],
    ["cpu", "100u", 1],
    ["cpu", "1500001u", 1501],
    ["memory", "1Ki", 1024],
    ["memory", "1500m", 2],
    ["memory", "1m", 1],
    ["nvidia.com/gpu", 8, 8],
    ["pods", "0", 0],
    ["cpu", "-1500u", -2],
    ["memory", "-1500m", -2],
    ["memory", "1e1000", 2 ** 63],
    ["cpu", "1e40", 2 ** 63],
    ["memory", "-1e1000", -(2 ** 63)],
    ["cpu", "two", undefined],
    ["cpu", null, undefined],
  ])("takes %s %j for %j", (resource, quantity, amount) => {
    expect(amountOf(resource, quantity)).toBe(amount);
  });
});

describe("roundedAmount", () => {
  it("is the smallest number of units that is no less", () => {
    const quantities = fc.bigInt({ min: 0n, max: 10n ** 21n });
    fc.assert(
      fc.property(quantities, fc.constantFrom("cpu", "memory"), (nano, resource) => {
        const unit = resource === "cpu" ? 10n ** 6n : 10n ** 9n;
        const amount = BigInt(roundedAmount(resource, nano));
        expect(amount * unit >= nano && (amount - 1n) * unit < nano).toBe(true);
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});

describe("an exact quantity", () => {
  it("is the same each time, however many others are read", () => {
    const spellings = Array.from({ length: 10_001 }, (_, number) => `${number}m`);
    for (let round = 0; round < 2; round += 1) {
      expect(spellings.map(quantityOf)).toEqual(spellings.map((_, number) => BigInt(number) * 10n ** 6n));
    }
    expect([quantityOf("1"), quantityOf(1), quantityOf("x"), quantityOf(undefined)]).toEqual([
      10n ** 9n,
      10n ** 9n,
      undefined,
      undefined,
    ]);
  });
});
