import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mostAtOnce } from "../../../preflight/demand/cron-overlap";

describe("runs at once", () => {
  it.each<[expression: string, hours: number, runs: number]>([
    ["*/30 * * * *", 2, 4],
    ["*/30 * * * *", 0.5, 1],
    ["*/30 * * * *", 0.51, 2],
    ["0 * * * *", 1.5, 2],
    ["0 * * * *", 30, 30],
    ["0 0 * * *", 24, 1],
    ["0 0 * * *", 24.1, 2],
    ["0 0 * * *", 72, 3],
    // Twice within five minutes, and then not for a day.
    ["0,5 9 * * *", 0.1, 2],
    ["0,5 9 * * *", 1 / 12, 1],
    ["0,5 9 * * *", 25, 4],
    ["50,10 23,0 * * *", 0.5, 2],
    // Across midnight, on days that are next to each other only.
    ["0 23,0 * * *", 2, 2],
    ["0 0,23 * * 1,2", 2, 2],
    ["0 0,23 * * 1,3", 2, 1],
    ["0 9 * * 1-5", 24.5, 2],
    ["0 9 * * 1-5", 60, 3],
    ["0 9 * * 1-5", 120, 5],
    ["0 9 * * 1,5", 72, 1],
    ["0 9 * * 1,5", 97, 2],
    ["0 9 * * 1", 168, 1],
    ["0 9 * * 1", 169, 2],
    ["0 9 * * sat,sun", 30, 2],
    ["@hourly", 3, 3],
    ["@every 20m", 1, 3],
    ["@every 20m", 0.1, 1],
    ["@every 1ms", 1 / 3600, 1],
    ["0 0 0 * * *", 25, 2],
    ["*/10 * * * * *", 1 / 60, 6],
    // Days of the month: 28 of a February until the next month's first, and the last before a first.
    ["0 0 1 * *", 24 * 28, 1],
    ["0 0 1 * *", 24 * 28 + 1, 2],
    ["0 0 1 * *", 24 * 31, 2],
    ["0 0 31,1 * *", 25, 2],
    ["0 0 30,1 1 *", 25, 1],
    ["0 0 30,1 1,2 *", 49, 2],
    ["0 0 28 2 *", 24 * 365, 1],
    ["0 0 29 2 *", 24 * 365, 1],
    ["0 0 1 1 *", 24 * 365.5, 2],
    ["0 0 28 2,3 *", 24 * 28 + 1, 2],
    // Either the day of the month or that of the week.
    ["0 0 13 * 5", 25, 2],
    ["0 0 1-31 * 5", 25, 2],
    ["0 0 30 2 *", 1000, 0],
  ])("of what starts at %s and takes %d hours are %d", (expression, hours, runs) => {
    expect(mostAtOnce(expression, hours)).toBe(runs);
  });

  it("are not known of what is no cron expression", () => {
    expect(mostAtOnce("now and then", 1)).toBeUndefined();
  });

  it("are as many as the starts within one of them, wherever in the week that begins", () => {
    const some = (most: number) => fc.uniqueArray(fc.integer({ min: 0, max: most }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(some(59), some(23), some(6), fc.integer({ min: 1, max: 200 * 60 }), (minutes, hours, days, long) => {
        const week = 7 * 24 * 60;
        const starts = [0, 1, 2].flatMap((nth) =>
          days.flatMap((day) =>
            hours.flatMap((hour) => minutes.map((minute) => nth * week + (day * 24 + hour) * 60 + minute)),
          ),
        );
        const most = Math.max(
          ...starts
            .filter((start) => start < week)
            .map((start) => starts.filter((s) => s >= start && s < start + long).length),
        );
        expect(mostAtOnce(`${minutes.join()} ${hours.join()} * * ${days.join()}`, long / 60)).toBe(most);
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});
