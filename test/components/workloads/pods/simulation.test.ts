import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSimulation } from "../../../../components/workloads/pods";

const isAccepted = (text: string) => checkSimulation("", { "mlstack.dev/simulate": text }).length === 0;

describe("the simulation annotation", () => {
  const after = fc
    .tuple(fc.nat(), fc.option(fc.nat(), { nil: undefined }), fc.constantFrom("ms", "s", "m", "h"))
    .map(([whole, part, unit]) => `after=${whole}${part === undefined ? "" : `.${part}`}${unit}`);
  const exit = fc.nat(255).map((code) => `exit=${code}`);
  const options = fc.tuple(after, exit).chain((all) => fc.shuffledSubarray(all));
  const ending = fc.constantFrom("succeed", "fail", "run");
  const simulation = fc.tuple(ending, options).map(([word, rest]) => [word, ...rest].join(" "));

  it("may be an ending with its options in any order", () => {
    fc.assert(fc.property(simulation, isAccepted));
  });

  it("may be nothing that is one letter short, but for the digits", () => {
    const shortened = fc
      .tuple(simulation, fc.nat())
      .map(([text, at]) => [text, at % text.length] as const)
      .filter(([text, at]) => !/[\d.]/.test(text[at] ?? ""))
      // 2ms is longer than 2m and 2s.
      .filter(([text, at]) => !/\dms/.test(text.slice(at - 2, at + 2)));
    fc.assert(fc.property(shortened, ([text, at]) => !isAccepted(text.slice(0, at) + text.slice(at + 1))));
  });

  it.each([
    "",
    "Succeed",
    "crash",
    " succeed",
    "succeed ",
    "succeed  after=2s",
    "after=2s succeed",
    "succeed fail",
    "succeed after=2",
    "succeed after=2 s",
    "succeed after=1m30s",
    "succeed after=.5s",
    "succeed after=-1s",
    "succeed after=1s after=2s",
    "fail exit=256",
    "fail exit=-1",
    "fail exit=01",
    "fail exit=1 exit=1",
    "succeed\nafter=2s",
  ])("may not be %j", (text) => {
    expect(isAccepted(text)).toBe(false);
  });
});
