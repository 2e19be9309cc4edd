import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scheduleCron, scheduleProblems, Weekday, type PoolSchedule } from "../../components/model/schedule";

const WEEKDAYS = Object.values(Weekday);
const WEEK = 7 * 24 * 60;

const nightly: PoolSchedule = { name: "nightly", from: "22:00", to: "06:00", nodes: 2 };

const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
const schedules: fc.Arbitrary<PoolSchedule> = fc
  .record({
    days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
    times: fc.tuple(minutes, minutes).filter(([from, to]) => from !== to),
  })
  .map(({ days, times: [from, to] }) => ({ name: "any", days, from: time(from), to: time(to), nodes: 1 }));

function time(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

/** Every minute of the week at which a cron expression fires. */
function firings(cron: string): number[] {
  const [minute, hour, dayOfMonth, month, days] = cron.split(" ");
  expect([dayOfMonth, month]).toEqual(["*", "*"]);
  const numbers = days === "*" ? [0, 1, 2, 3, 4, 5, 6] : days!.split(",").map(Number);
  return numbers.map((day) => day * 24 * 60 + Number(hour) * 60 + Number(minute));
}

describe("scheduleCron", () => {
  it.each<[string, Partial<PoolSchedule>, string, string, number]>([
    ["every day", { from: "08:00", to: "18:30" }, "0 8 * * *", "30 18 * * *", 630],
    ["every night", { from: "22:00", to: "06:00" }, "0 22 * * *", "0 6 * * *", 480],
    ["until midnight", { from: "23:59", to: "00:00" }, "59 23 * * *", "0 0 * * *", 1],
    ["on weekdays", { days: ["monday", "friday"], from: "09:05", to: "17:00" }, "5 9 * * 1,5", "0 17 * * 1,5", 475],
    ["into the next day", { days: ["friday"], from: "20:00", to: "04:00" }, "0 20 * * 5", "0 4 * * 6", 480],
    ["into the next week", { days: ["saturday"], from: "20:00", to: "04:00" }, "0 20 * * 6", "0 4 * * 0", 480],
    [
      "in any order",
      { days: ["sunday", "thursday", "monday"], from: "00:00", to: "01:00" },
      "0 0 * * 0,1,4",
      "0 1 * * 0,1,4",
      60,
    ],
    ["on all days named", { days: WEEKDAYS, from: "00:00", to: "01:00" }, "0 0 * * *", "0 1 * * *", 60],
  ])("writes hours %s", (_case, hours, up, down, length) => {
    expect(scheduleCron({ ...nightly, ...hours })).toEqual({ up, down, timeZone: "UTC", minutes: length });
  });

  it("hands the time zone on", () => {
    expect(scheduleCron({ ...nightly, timeZone: "Europe/Berlin" }).timeZone).toBe("Europe/Berlin");
  });

  it("goes down after exactly those minutes that follow each time of going up", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const { up, down, minutes: length } = scheduleCron(schedule);
        const ends = firings(up).map((start) => (start + length) % WEEK);
        expect([...ends].sort((a, b) => a - b)).toEqual(firings(down).sort((a, b) => a - b));
        expect(firings(up)).toHaveLength(schedule.days!.length);
        expect(length).toBeGreaterThan(0);
        expect(length).toBeLessThan(24 * 60);
      }),
    );
  });
});

describe("scheduleProblems", () => {
  const timeOfDay = ["a time of day from 00:00 to 23:59", 'Write it like "07:30".'] as const;
  const wholeNumber = ["a whole number from 1", "Set it to the nodes that stand ready."] as const;
  const dayNames = "sunday, monday, tuesday, wednesday, thursday, friday, saturday";

  it.each<[string, object, unknown, string, string]>([
    ["from", { from: "7:30" }, "7:30", ...timeOfDay],
    ["from", { from: "24:00" }, "24:00", ...timeOfDay],
    ["to", { to: "06:60" }, "06:60", ...timeOfDay],
    [
      "to",
      { from: "06:00" },
      "06:00",
      "any time but 06:00, at which the hours begin",
      "For nodes around the clock, raise minNodes of the pool instead.",
    ],
    ["nodes", { nodes: 0 }, 0, ...wholeNumber],
    ["nodes", { nodes: 1.5 }, 1.5, ...wholeNumber],
    ["days", { days: [] }, [], "at least one day", "Name days, or leave it out for every day."],
    ["days[0]", { days: ["Monday"] }, "Monday", dayNames, "Set it to one of these."],
    ["days[1]", { days: ["monday", "monday"] }, "monday", "each day once", "Remove it."],
    [
      "name",
      { name: "Nightly run" },
      "Nightly run",
      "at most 63 lower-case letters, digits and inner hyphens",
      "Set it to such a name.",
    ],
    [
      "timeZone",
      { timeZone: "Europe/Berln" },
      "Europe/Berln",
      "a time zone of the IANA",
      'Did you mean "Europe/Berlin"?',
    ],
    [
      "timeZone",
      { timeZone: "utc" },
      "utc",
      "a time zone of the IANA",
      expect.stringMatching(/^Did you mean ".+"\?$/) as string,
    ],
    [
      "timeZone",
      { timeZone: "+02:00" },
      "+02:00",
      "a time zone of the IANA",
      expect.stringMatching(/^Did you mean/) as string,
    ],
  ])("refuses %s of %j", (path, change, given, allowed, remedy) => {
    const schedule = { ...nightly, ...change };
    expect(scheduleProblems([schedule])).toEqual([{ path: `[0].${path}`, given, allowed, remedy }]);
  });

  it.each([
    "UTC",
    "Europe/Berlin",
    "Asia/Kolkata",
    "America/Port-au-Prince",
    "Etc/GMT+9",
    "America/Argentina/Buenos_Aires",
  ])("accepts the time zone %s", (timeZone) => {
    expect(scheduleProblems([{ ...nightly, timeZone }])).toEqual([]);
  });

  it("refuses a name that an earlier schedule has", () => {
    const again = { ...nightly, from: "12:00", to: "13:00" };
    expect(scheduleProblems([nightly, again])).toEqual([
      { path: "[1].name", given: "nightly", allowed: "each name once", remedy: "Rename it." },
    ]);
  });

  it("refuses schedules of several time zones, whose distance differs between summer and winter", () => {
    const other = { name: "noon", from: "12:00", to: "13:00", timeZone: "Europe/Berlin", nodes: 1 };
    expect(scheduleProblems([nightly, other])).toEqual([
      {
        path: "[1].timeZone",
        given: "Europe/Berlin",
        allowed: "UTC, as for nightly",
        remedy: "Write all schedules of the pool in one time zone.",
      },
    ]);
  });

  it.each<[string, Partial<PoolSchedule>]>([
    ["begin within the other", { from: "23:00", to: "07:00" }],
    ["end within the other", { from: "21:00", to: "23:00" }],
    ["lie within the other", { from: "01:00", to: "02:00" }],
    ["begin as the other ends", { from: "06:00", to: "08:00" }],
    ["end as the other begins", { from: "20:00", to: "22:00" }],
    ["run over from the day before", { days: ["saturday"], from: "20:00", to: "19:00" }],
  ])("refuses hours that %s", (_case, hours) => {
    const other = { name: "other", nodes: 1, from: "", to: "", ...hours };
    expect(scheduleProblems([nightly, other])).toEqual([
      {
        path: "[1]",
        given: `${other.from} to ${other.to}`,
        allowed: "hours that neither overlap nor touch those of nightly, 22:00 to 06:00",
        remedy: "Move them, or make the two one schedule.",
      },
    ]);
  });

  it("accepts hours on other days, and a minute apart", () => {
    const weekdays: PoolSchedule = { ...nightly, days: ["monday"] };
    const other: PoolSchedule = { name: "other", days: ["wednesday"], from: "22:00", to: "06:00", nodes: 1 };
    const after: PoolSchedule = { name: "after", days: ["tuesday"], from: "06:01", to: "07:00", nodes: 1 };
    expect(scheduleProblems([weekdays, other, after])).toEqual([]);
  });

  it("finds two schedules overlapping exactly where a minute belongs to both", () => {
    fc.assert(
      fc.property(schedules, schedules, (a, b) => {
        const others = new Set(minutesOf(b));
        const shared = minutesOf(a).some((minute) => others.has(minute));
        expect(scheduleProblems([a, { ...b, name: "b" }]).length > 0).toBe(shared);
      }),
      { numRuns: 50 },
    );
  });

  it("names every problem of every schedule at once", () => {
    const paths = scheduleProblems([
      { ...nightly, from: "x", nodes: -1 },
      { ...nightly, name: "b", timeZone: "Mars" },
    ]).map(({ path }) => path);
    expect(paths).toEqual(["[0].from", "[0].nodes", "[1].timeZone"]);
  });
});

/** Minutes of the week of a schedule, both ends included. */
function minutesOf(schedule: PoolSchedule): number[] {
  const { up, minutes: length } = scheduleCron(schedule);
  return firings(up).flatMap((start) => Array.from({ length: length + 1 }, (_, index) => (start + index) % WEEK));
}
