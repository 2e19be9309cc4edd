import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hoursOf } from "../../../preflight/demand/duration";

describe("a duration", () => {
  it.each<[string, number]>([
    ["45m", 0.75],
    ["6h30m", 6.5],
    ["2d", 48],
    ["1w", 168],
    ["1w2d3h4m5s", 168 + 48 + 3 + 4 / 60 + 5 / 3600],
    ["1.5h", 1.5],
    [" 90m ", 1.5],
    ["90s", 0.025],
  ])("%s is %d hours", (text, hours) => {
    expect(hoursOf(text)).toBeCloseTo(hours, 12);
  });

  it.each<unknown>([
    "",
    "0m",
    "45",
    "m",
    "30m6h",
    "1h1h",
    "-1h",
    "1 h",
    "1H",
    "1y",
    "one hour",
    ".5h",
    "5.h",
    `${"9".repeat(400)}h`,
    45,
    null,
    undefined,
    ["1h"],
    Symbol("x"),
  ])("is not told by %o", (text) => {
    expect(hoursOf(text)).toBeUndefined();
  });

  it("is as long as its parts together", () => {
    const part = fc.nat({ max: 10_000 });
    fc.assert(
      fc.property(part, part, part, (days, hours, minutes) => {
        const together = hoursOf(`${days}d${hours}h${minutes}m`);
        const sum = days * 24 + hours + minutes / 60;
        if (sum === 0) expect(together).toBeUndefined();
        else expect(together).toBeCloseTo(sum, 6);
      }),
      { seed: 8, numRuns: 200 },
    );
  });
});
