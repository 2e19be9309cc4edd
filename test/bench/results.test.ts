import { describe, expect, it } from "vitest";
import { Results } from "../../bench/results";

describe("the table of results", () => {
  it("shows median, spread and the ratio to the first subject of each measure", () => {
    const results = new Results();
    for (const seconds of [6.0, 5.0, 5.2]) results.record("preview", "default", seconds, "s");
    for (const seconds of [2.6, 2.4, 9.0]) results.record("preview", "mlstack", seconds, "s");
    results.record("memory", "default", 1000, "MiB");
    results.record("memory", "mlstack", 250, "MiB");
    expect(results.toString()).toBe(
      [
        "MEASURE   OF        MEDIAN     SPREAD        RATIO",
        "preview   default   5.20 s     5.00 – 6.00   1",
        "          mlstack   2.60 s     2.40 – 9.00   0.50",
        "memory    default   1000 MiB   1000 – 1000   1",
        "          mlstack   250 MiB    250 – 250     0.25",
      ].join("\n"),
    );
  });

  it("is followed by remarks", () => {
    const results = new Results();
    results.record("preview", "mlstack", 2.6, "s");
    results.remark("The default is left out: it is not there.");
    expect(results.toString()).toMatch(/1$[\s]{2}^The default is left out: it is not there\.$/m);
  });
});
