import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  isWhole,
  parseQuantity,
  tryParseQuantity,
  type QuantityFormat,
} from "../../components/model/quantity";

const NANO = 10n ** 9n;
const MAX_INT64 = 2n ** 63n - 1n;

const quantities = fc.oneof(fc.bigInt(), fc.bigInt({ min: -2048n * NANO, max: 2048n * NANO }), fc.bigInt().map(inGiB));
const formats = fc.constantFrom<QuantityFormat>("DecimalSI", "BinarySI");
const spellings = fc.tuple(quantities, formats).map(([quantity, format]) => formatQuantity(quantity, format));
const naturals = fc.bigInt({ min: 0n, max: 10n ** 12n });

function inGiB(count: bigint): bigint {
  return (count % 2n ** 20n) * 1024n ** 3n * NANO;
}

describe("parseQuantity", () => {
  it.each<[text: string | number, nano: bigint]>([
    ["0", 0n],
    ["-0", 0n],
    ["007", 7n * NANO],
    ["1n", 1n],
    ["1u", 10n ** 3n],
    ["1m", 10n ** 6n],
    ["1", 10n ** 9n],
    ["1k", 10n ** 12n],
    ["1M", 10n ** 15n],
    ["1G", 10n ** 18n],
    ["1T", 10n ** 21n],
    ["1P", 10n ** 24n],
    ["1E", 10n ** 27n],
    ["1Ki", 1024n * NANO],
    ["1Mi", 1024n ** 2n * NANO],
    ["1Gi", 1024n ** 3n * NANO],
    ["1Ti", 1024n ** 4n * NANO],
    ["1Pi", 1024n ** 5n * NANO],
    ["1Ei", 1024n ** 6n * NANO],
    ["1e3", 1000n * NANO],
    ["1E3", 1000n * NANO],
    ["1e+3", 1000n * NANO],
    ["5E-1", NANO / 2n],
    ["1.5Gi", 1536n * 1024n ** 2n * NANO],
    ["-1.5", -1_500_000_000n],
    ["+1.5", 1_500_000_000n],
    [".5", NANO / 2n],
    ["5.", 5n * NANO],
    ["5.Mi", 5n * 1024n ** 2n * NANO],
    [0.1, NANO / 10n],
    [2, 2n * NANO],
    [1e21, 10n ** 30n],
    [1e-9, 1n],
  ])("reads %j as %d billionths", (text, nano) => {
    expect(parseQuantity(text)).toBe(nano);
  });

  it.each<[text: string, nano: bigint]>([
    ["0.1n", 1n],
    ["1.000001m", 1_000_001n],
    ["1.0000001m", 1_000_001n],
    ["-0.1n", -1n],
    ["-1.0000001m", -1_000_001n],
    ["1e-1000", 1n],
    ["0e-1000", 0n],
    ["0.0000000001Ki", 103n],
  ])("rounds what is finer than nano away from zero: %s", (text, nano) => {
    expect(parseQuantity(text)).toBe(nano);
  });

  it.each<[text: string, units: bigint]>([
    ["7Ei", 7n * 1024n ** 6n],
    ["8Ei", MAX_INT64],
    ["-9Ei", -MAX_INT64],
    ["9223372036854775807Ki", MAX_INT64],
    ["10E", 10n ** 19n],
    ["9223372036854775809", 2n ** 63n + 1n],
  ])("stops at 2^63-1 with binary suffixes, and with those only: %s", (text, units) => {
    expect(parseQuantity(text)).toBe(units * NANO);
  });

  it.each([
    ...["", " ", " 1", "1 ", "1\n", "aoeu", "NaN", "Infinity", "0x10", "1_000", "1,5", "١"],
    ...["+", "-", ".", "k", "Ki", "e3", "--1", "+-1", "1.1.1", "1.1.M", "1+1.0M"],
    ...["1K", "1KI", "1ki", "1mi", "1i", ".5i", "0.1am", "1GB", "1GiB", "1 Gi", "1mm", "1kM"],
    ...["1e", "1e+", "-3.01e-", "1e3.5", "1ee3", "1e3k", "1e1001", "1e-1001", "1e999999999999"],
  ])("refuses %j", (text) => {
    expect(tryParseQuantity(text)).toBeUndefined();
    expect(() => parseQuantity(text)).toThrow(RangeError);
  });

  it.each([[true], [null], [undefined], [1n], [[]], [{}], [NaN], [Infinity], [Symbol("1")]])(
    "takes %s for no quantity",
    (value) => {
      expect(tryParseQuantity(value)).toBeUndefined();
    },
  );

  it("says what was given, what is allowed and what to write", () => {
    expect(() => parseQuantity("16GB")).toThrow(
      new RangeError(
        '"16GB" is no Kubernetes quantity; allowed: a decimal number, directly followed by nothing, by one of ' +
          "n u m k M G T P E Ki Mi Gi Ti Pi Ei, or by an exponent from e-1000 to e1000. Write it like 500m, 2 or 1.5Gi.",
      ),
    );
  });

  it("never throws on arbitrary values when it only tries", () => {
    const nearMisses = fc.stringMatching(/^[+-]?[0-9.]{0,4}[eEinumkKMGTP]{0,2}[+-]?[0-9]{0,3}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearMisses, fc.anything()), (value) => {
        expect(["bigint", "undefined"]).toContain(typeof tryParseQuantity(value));
      }),
    );
  });

  const suffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
  it.each(suffixes.map((suffix, index) => [suffix, index * 3 - 9] as const))(
    "holds that the suffix %j equals the exponents e%d and E%d",
    (suffix, exponent) => {
      fc.assert(
        fc.property(naturals, naturals, (whole, fraction) => {
          const number = `${whole}.${fraction}`;
          const quantity = parseQuantity(`${number}${suffix}`);
          expect(parseQuantity(`${number}e${exponent}`)).toBe(quantity);
          expect(parseQuantity(`${number}E${exponent}`)).toBe(quantity);
        }),
      );
    },
  );

  it.each([
    ["k", "", 1000n],
    ["Ki", "", 1024n],
    ["Mi", "Ki", 1024n],
    ["Gi", "Mi", 1024n],
    ["Ti", "Gi", 1024n],
    ["", "m", 1000n],
    ["m", "u", 1000n],
    ["u", "n", 1000n],
  ])("holds that 1%s is that many 1%s: %d", (large, small, ratio) => {
    fc.assert(
      fc.property(fc.bigInt({ min: -1_000_000n, max: 1_000_000n }), (count) => {
        expect(parseQuantity(`${count}${large}`)).toBe(parseQuantity(`${count * ratio}${small}`));
      }),
    );
  });

  it("gives the negative of what it gives without the sign", () => {
    fc.assert(
      fc.property(naturals, naturals, fc.constantFrom("n", "", "Gi", "e-5"), (whole, fraction, suffix) => {
        const text = `${whole}.${fraction}${suffix}`;
        expect(parseQuantity(`-${text}`)).toBe(-parseQuantity(text));
        expect(parseQuantity(`+${text}`)).toBe(parseQuantity(text));
      }),
    );
  });
});

describe("formatQuantity", () => {
  it.each<[given: string, decimal: string, binary: string]>([
    ["0", "0", "0"],
    ["1.5", "1500m", "1500m"],
    ["1000m", "1", "1"],
    ["0.5", "500m", "500m"],
    ["4000", "4k", "4000"],
    ["1e6", "1M", "1000000"],
    ["100.035k", "100035", "100035"],
    ["1000E", "1000E", "1000E"],
    ["1.5Gi", "1610612736", "1536Mi"],
    ["-1.5Gi", "-1610612736", "-1536Mi"],
    ["1024", "1024", "1Ki"],
    ["1023", "1023", "1023"],
    ["1024.5", "1024500m", "1024500m"],
    ["2048Mi", "2147483648", "2Gi"],
    ["9223372036854775808", "9223372036854775808", "9223372036854775808"],
  ])("writes %s as %s, and in the binary family as %s", (given, decimal, binary) => {
    expect(formatQuantity(parseQuantity(given))).toBe(decimal);
    expect(formatQuantity(parseQuantity(given), "BinarySI")).toBe(binary);
  });

  it("writes what parses back to exactly the same value", () => {
    fc.assert(
      fc.property(quantities, formats, (quantity, format) => {
        expect(parseQuantity(formatQuantity(quantity, format))).toBe(quantity);
      }),
    );
  });

  it("never writes a fraction, an exponent or a plus sign", () => {
    fc.assert(
      fc.property(spellings, (text) => {
        expect(text).toMatch(/^(0|-?[1-9][0-9]*([numkMGTPE]|[KMGTPE]i)?)$/);
      }),
    );
  });
});

describe("compareQuantities", () => {
  it.each<[a: string | number, b: string | number, order: number]>([
    ["1000m", 1, 0],
    ["1024Mi", "1Gi", 0],
    ["1G", "1Gi", -1],
    ["1E", "1e3", 1],
    [0.1, "100m", 0],
    ["-1", "1n", -1],
    [3, "2999m", 1],
  ])("compares %s with %s: %d", (a, b, order) => {
    expect(compareQuantities(a, b)).toBe(order);
  });

  it("orders texts as their values are ordered", () => {
    fc.assert(
      fc.property(quantities, quantities, formats, formats, (a, b, formatA, formatB) => {
        const order = compareQuantities(formatQuantity(a, formatA), formatQuantity(b, formatB));
        expect(order).toBe(Number(a > b) - Number(a < b));
      }),
    );
  });

  it("refuses what is no quantity on either side", () => {
    expect(() => compareQuantities("x", 1)).toThrow(RangeError);
    expect(() => compareQuantities(1, "x")).toThrow(RangeError);
  });
});

describe("addQuantities", () => {
  it.each<[given: (string | number)[], sum: string]>([
    [[], "0"],
    [["1", "500m"], "1500m"],
    [[0.1, 0.2], "300m"],
    [["1Gi", "512Mi"], "1536Mi"],
    [["0", "512Mi", "512Mi"], "1Gi"],
    [["512", "512"], "1024"],
    [["1Gi", "-1Gi"], "0"],
    [["4Ei", "4Ei"], "9223372036854775808"],
    [["1n", "1E"], "1000000000000000000000000001n"],
  ])("adds %j to %s", (given, sum) => {
    expect(addQuantities(...given)).toBe(sum);
  });

  it("does not depend on the order of its terms", () => {
    fc.assert(
      fc.property(spellings, spellings, (a, b) => {
        expect(compareQuantities(addQuantities(a, b), addQuantities(b, a))).toBe(0);
      }),
    );
  });

  it("does not depend on how its terms are grouped", () => {
    fc.assert(
      fc.property(spellings, spellings, spellings, (a, b, c) => {
        const leftFirst = addQuantities(addQuantities(a, b), c);
        const rightFirst = addQuantities(a, addQuantities(b, c));
        expect(compareQuantities(leftFirst, rightFirst)).toBe(0);
      }),
    );
  });

  it("loses nothing, whatever the sizes of its terms", () => {
    fc.assert(
      fc.property(quantities, quantities, (a, b) => {
        expect(parseQuantity(addQuantities(formatQuantity(a), formatQuantity(b)))).toBe(a + b);
      }),
    );
  });

  it("refuses to add what is no quantity", () => {
    expect(() => addQuantities("1", "x")).toThrow(RangeError);
  });
});

describe("isWhole", () => {
  it.each<[text: string, whole: boolean]>([
    ["0", true],
    ["2", true],
    ["-2", true],
    ["1000m", true],
    ["1.5k", true],
    ["0.5Ki", true],
    ["0.5", false],
    ["999m", false],
    ["1.000000001", false],
    ["1.0000000001", false],
  ])("tells whether %s is a whole number of units: %s", (text, whole) => {
    expect(isWhole(parseQuantity(text))).toBe(whole);
  });
});
