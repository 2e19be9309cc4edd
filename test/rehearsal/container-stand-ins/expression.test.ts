import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { valueOfExpression } from "../../../rehearsal/container-stand-ins/expression";
import { observationsOf } from "../../../rehearsal/container-stand-ins/trial-metrics";

/** An expression, and the same as JavaScript has it. */
interface Written {
  text: string;
  script: string;
}

const numbers = fc
  .oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }))
  .map((value): Written => ({ text: String(value), script: String(value) }));

const { expression } = fc.letrec<{ expression: Written }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    numbers,
    fc.tuple(tie("expression"), fc.constantFrom("+", "-", "*", "/"), tie("expression")).map(([a, sign, b]) => ({
      text: `${a.text} ${sign} ${b.text}`,
      script: `${a.script} ${sign} ${b.script}`,
    })),
    fc.tuple(tie("expression"), tie("expression")).map(([a, b]) => ({
      text: `(${a.text})^(${b.text})`,
      script: `(${a.script})**(${b.script})`,
    })),
    tie("expression").map((a) => ({ text: `(-(${a.text}))`, script: `(-(${a.script}))` })),
    fc.tuple(fc.constantFrom("abs", "exp", "log"), tie("expression")).map(([name, a]) => ({
      text: `${name}(${a.text})`,
      script: `Math.${name}(${a.script})`,
    })),
    fc
      .tuple(fc.constantFrom("max", "min"), fc.array(tie("expression"), { minLength: 1, maxLength: 3 }))
      .map(([name, all]) => ({
        text: `${name}(${all.map(({ text }) => text).join(", ")})`,
        script: `Math.${name}(${all.map(({ script }) => script).join(", ")})`,
      })),
  ),
}));

describe("an expression of numbers", () => {
  test("has the value that JavaScript gives it, however it is put together", () => {
    fc.assert(
      fc.property(expression, ({ text, script }) => {
        // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- made here
        expect(valueOfExpression(text)).toBe(new Function(`return ${script}`)());
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["1-abs(0.03-0.02)", 0.99],
    ["2^3^2", 512],
    ["-2^2", -4],
    ["2^-1", 0.5],
    ["2*-3", -6],
    ["1e-3*1000", 1],
    [" 10 - 2 - 3 ", 5],
    ["--1", 1],
  ])("%s is %d", (text, value) => {
    expect(valueOfExpression(text)).toBeCloseTo(value, 12);
  });

  test.each([
    ["", '"" cannot be read: it ends too early'],
    ["1+", '"1+" cannot be read: it ends too early'],
    ["1 2", '"1 2" cannot be read: "2" is not expected'],
    ["(1", '"(1" cannot be read: it ends too early'],
    ["abs(1, 2)", '"abs(1, 2)" cannot be read: "," is not expected'],
    ["constructor(1)", '"constructor(1)" cannot be read: "constructor" is not expected'],
    ["${trialParameters.lr}", '"${trialParameters.lr}" cannot be read: "$" is not expected'],
    ["sgd", '"sgd" cannot be read: "sgd" is not expected'],
  ])("says of %j what is wrong", (text, message) => {
    expect(() => valueOfExpression(text)).toThrow(message);
  });
});

describe("what a trial measures", () => {
  test("is told as metrics and expressions", () => {
    expect(observationsOf("accuracy=1-abs(0.02-0.02) loss=2^-1")).toEqual([
      { metric: "accuracy", value: 1 },
      { metric: "loss", value: 0.5 },
    ]);
  });

  test("is refused where it is neither", () => {
    const message = '"0.9" cannot be read: write metric=value or metric=expression, without spaces';
    expect(() => observationsOf("accuracy=0.9 0.9")).toThrow(message);
  });
});
