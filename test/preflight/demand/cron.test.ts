import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsPerWeek } from "../../../preflight/demand/cron";

/** Days of an average year, and weeks of one. */
const YEAR = 365.2425;
const WEEKS = YEAR / 7;

describe("a cron expression", () => {
  it.each<[string, number]>([
    ["0 0 * * *", 7],
    ["30 4 * * 1-5", 5],
    ["*/15 * * * *", 7 * 24 * 4],
    ["*/45 * * * *", 7 * 24 * 2],
    ["0 */6 * * *", 28],
    ["0 9-17 * * mon-fri", 45],
    ["0 9-17/4 * * MON-FRI", 15],
    ["0 8,20 * * *", 14],
    ["10/20 * * * *", 7 * 24 * 3],
    ["0 0 * * 0", 1],
    ["0 0 ? * sun", 1],
    ["0 0 * * 1,3,fri", 3],
    ["0 0 * */1 *", 7],
    ["1,1,1 0 * * *", 7],
    ["@hourly", 168],
    ["@daily", 7],
    ["@midnight", 7],
    ["@weekly", 1],
    ["TZ=Europe/Berlin 0 0 * * *", 7],
    ["CRON_TZ=UTC 0 0 * * *", 7],
    ["  0   0 * *\t* ", 7],
    ["0 0 0 * * *", 7],
    ["*/20 0 0 * * *", 21],
  ])("%s comes true %d times a week", (expression, times) => {
    expect(runsPerWeek(expression)).toBe(times);
  });

  it.each<[string, number]>([
    ["0 0 1 * *", 12],
    ["@monthly", 12],
    ["@yearly", 1],
    ["@annually", 1],
    ["0 0 31 * *", 7],
    ["0 0 30 2 *", 0],
    ["0 0 29 2 *", 0.2425],
    ["0 0 1,15 jan-jun *", 12],
    ["0 0 1 */3 *", 4],
    ["0 0 28-31 feb *", 1.2425],
  ])("%s comes true %d times a year", (expression, times) => {
    expect(runsPerWeek(expression)! * WEEKS).toBeCloseTo(times, 9);
  });

  it.each<[string, number]>([
    ["@every 1h", 168],
    ["@every 90m", 112],
    ["@every 1h30m", 112],
    ["@every 12h0m0s", 14],
    ["@every 1.5h", 112],
    ["@every 1ms", 7 * 24 * 3600],
    ["@every 0s", 7 * 24 * 3600],
  ])("%s comes true %d times a week", (expression, times) => {
    expect(runsPerWeek(expression)).toBeCloseTo(times, 6);
  });

  it("is met by either day where both that of the month and that of the week are restricted", () => {
    const either = runsPerWeek("0 0 1 * mon")! * WEEKS;
    expect(either).toBeCloseTo(12 + (YEAR - 12) / 7, 9);
    expect(runsPerWeek("0 0 */2 * mon")).toBeGreaterThan(runsPerWeek("0 0 */2 * *")!);
  });

  it("is met by both where one of them is left open", () => {
    expect(runsPerWeek("0 0 * * mon")).toBe(1);
    expect(runsPerWeek("0 0 1 * ?")! * WEEKS).toBeCloseTo(12, 9);
    expect(runsPerWeek("0 0 */1 * mon")).toBe(1);
    expect(runsPerWeek("0 0 *,5 * mon")).toBe(1);
  });

  it.each([
    "",
    "* * * *",
    "* * * * * * *",
    "60 * * * *",
    "* 24 * * *",
    "0 0 0 * *",
    "0 0 32 * *",
    "0 0 * 13 *",
    "0 0 * 0 *",
    "0 0 * * 7",
    "0 5-24 * * *",
    "0 24-5 * * *",
    "5-1 * * * *",
    "1-2-3 * * * *",
    "*/0 * * * *",
    "*/2/2 * * * *",
    "*/x * * * *",
    "a * * * *",
    "0 0 * mon *",
    "1, * * * *",
    "-1 * * * *",
    "1.5 * * * *",
    "@every",
    "@every soon",
    "@often",
    "0 0 * * * extra words",
  ])("is not what %o is", (expression) => {
    expect(runsPerWeek(expression)).toBeUndefined();
  });

  it("comes true as often as days of 400 years fulfil it", () => {
    const dayNumbers = (min: number, max: number) =>
      fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 });
    const field = (min: number, max: number) =>
      fc.oneof(
        fc.constant("*"),
        dayNumbers(min, max).map((list) => list.join()),
      );
    const has = (text: string, value: number) => text === "*" || text.split(",").includes(String(value));
    fc.assert(
      fc.property(field(1, 31), field(1, 12), field(0, 6), (days, months, weekdays) => {
        let fulfilled = 0;
        const date = new Date(Date.UTC(2000, 0, 1));
        for (let day = 0; day < 146_097; day += 1) {
          const [isDay, isWeekday] = [has(days, date.getUTCDate()), has(weekdays, date.getUTCDay())];
          const isEither = days !== "*" && weekdays !== "*";
          const isToday = isEither ? isDay || isWeekday : isDay && isWeekday;
          if (isToday && has(months, date.getUTCMonth() + 1)) fulfilled += 1;
          date.setUTCDate(date.getUTCDate() + 1);
        }
        const told = runsPerWeek(`0 0 ${days} ${months} ${weekdays}`)!;
        // Dates are not quite each day of the week equally often: at most 688 times in 400 years, and 684 at least.
        expect(Math.abs(told * 20_871 - fulfilled)).toBeLessThanOrEqual(Math.max(1, fulfilled * 0.02));
      }),
      { seed: 8, numRuns: 12 },
    );
  });

  it("never makes it throw, and is never less than nothing", () => {
    const letters = fc.string({ unit: fc.constantFrom(...Array.from("0123456789*/-,?@ amonevryhs.")), maxLength: 20 });
    fc.assert(
      fc.property(letters, (text) => {
        const runs = runsPerWeek(text);
        expect(runs === undefined || (runs >= 0 && Number.isFinite(runs))).toBe(true);
      }),
      { seed: 8, numRuns: 1000 },
    );
  });
});
