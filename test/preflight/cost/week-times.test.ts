import { describe, expect, it } from "vitest";
import { MINUTES_PER_WEEK, weekTimesOf } from "../../../preflight/cost/week-times";

const DAY = 24 * 60;

describe("the times of a week at which a cron expression comes true", () => {
  it.each<[string, number[]]>([
    ["0 0 * * 0", [0]],
    ["0 0 * * 7", [0]],
    ["0 0 * * 0,7", [0]],
    ["30 7 * * 1", [DAY + 450]],
    ["5 22 * * MON-wed", [1, 2, 3].map((day) => day * DAY + 1325)],
    ["0 0 * * 5,2", [2 * DAY, 5 * DAY]],
    ["0 9,17 * * sat", [6 * DAY + 540, 6 * DAY + 1020]],
    ["*/30 1 * * 0", [60, 90]],
    ["50/5 1 * * 0", [110, 115]],
    ["10-20/5 1 * * 0", [70, 75, 80]],
    ["59 23 * * 6", [MINUTES_PER_WEEK - 1]],
    ["  0   6 * *  * ", [0, 1, 2, 3, 4, 5, 6].map((day) => day * DAY + 360)],
  ])("are for %j as written", (expression, times) => {
    expect(weekTimesOf(expression)).toEqual(times);
  });

  it("are all of them where nothing is restricted", () => {
    expect(weekTimesOf("* * * * *")).toEqual(Array.from({ length: MINUTES_PER_WEEK }, (_, minute) => minute));
  });

  it.each([
    ["of too few fields", "0 0 * *"],
    ["of too many fields", "0 0 * * * 2026"],
    ["for a day of the month", "0 0 1 * *"],
    ["for a month", "0 0 * 1 *"],
    ["with an hour that there is not", "0 24 * * *"],
    ["with a minute that there is not", "60 0 * * *"],
    ["with a weekday that there is not", "0 0 * * 8"],
    ["with a name in another field", "sun 0 * * *"],
    ["with a range that ends before it begins", "0 5-3 * * *"],
    ["with a range that begins at no value of its field", "60-5 0 * * *"],
    ["with a range that ends at no value of its field", "0 5-24 * * *"],
    ["with a number that is not written in digits", "0x5 0 * * *"],
    ["with a step of nothing", "*/0 0 * * *"],
    ["with words", "never"],
    ["without a value in a list", "0 1, * * *"],
    ["that is empty", ""],
  ])("are none for an expression %s", (_case, expression) => {
    expect(weekTimesOf(expression)).toBeUndefined();
  });
});
