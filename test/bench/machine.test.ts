import { describe, expect, it } from "vitest";
import { describeMachine, loadWarning } from "../../bench/machine";

describe("the machine", () => {
  it("is described by what the figures depend on", () => {
    expect(describeMachine()).toMatch(
      /^\d+ cores \(.+\), \d+\.\d GiB memory, \w+ \w+, Node \d+\.\d+\.\d+, load average \d+\.\d$/,
    );
  });

  it("is quiet up to one runnable process for two cores", () => {
    expect(loadWarning(1, 2)).toBeUndefined();
    expect(loadWarning(1.9, 4)).toBeUndefined();
  });

  it("is too busy to measure on above that", () => {
    expect(loadWarning(1.1, 2)).toBe(
      "The machine is busy: load average 1.1 on 2 cores. " +
        "Times and their spread are larger than on a quiet machine; measure again when nothing else runs.",
    );
  });
});
