import { describe, expect, it } from "vitest";
import { checkCronSchedule, checkTimeZone } from "../../../../components/workloads/object/cron-schedule";

const reasonsOf = (schedule: string) => checkCronSchedule("schedule", schedule).map(({ reason }) => reason);

describe("a cron expression", () => {
  it.each([
    "* * * * *",
    "40 2 * * *",
    "*/15 9-17 * * mon-fri",
    "0 0 1,15 JAN-jun ?",
    "5/20 * * * 0-6/2",
    "  0   0 29 2 *  ",
    "0 0 30 2,4 *",
    "@yearly",
    "@midnight",
  ])("may be %s", (schedule) => {
    expect(reasonsOf(schedule)).toEqual([]);
  });

  it("runs on a day of the week also where there is no such day of the month, as one of the two is enough", () => {
    expect(reasonsOf("0 0 31 2 mon")).toEqual([]);
  });

  it.each([
    ["minute", "60 * * * *", "as minute *, or numbers from 0 to 59"],
    ["hour", "0 24 * * *", "as hour *, or numbers from 0 to 23"],
    ["day of the month", "0 0 0 * *", "as day of the month *, or numbers from 1 to 31"],
    ["month", "0 0 1 13 *", "as month *, or numbers from 1 to 12"],
    ["day of the week, where Sunday is 0 alone", "0 0 * * 7", "as day of the week *, or numbers from 0 to 6"],
    ["range that goes down", "0 17-9 * * *", "as hour *, or numbers from 0 to 23"],
    ["step of 0", "*/0 * * * *", "as minute *, or numbers from 0 to 59"],
    ["list with nothing in it", "0, * * * *", "as minute *, or numbers from 0 to 59"],
    ["name of another field", "0 0 * mon *", "as month *, or numbers from 1 to 12"],
    ["star with an end", "*-5 * * * *", "as minute *, or numbers from 0 to 59"],
    [
      "two fields at once",
      "60 * * * 8",
      "as minute *, or numbers from 0 to 59; as day of the week *, or numbers from 0 to 6",
    ],
  ])("has no such %s", (_field, schedule, allowed) => {
    expect(reasonsOf(schedule)).toEqual([
      `schedule is "${schedule}"; allowed: ${allowed}. Write single values, ranges and steps, such as "*/15", "9-17" or "1,15".`,
    ]);
  });

  it.each(["", "daily", "0 0 * *", "0 0 0 * * *", "TZ=UTC 0 0 * * *", "@every 1h", "@reboot"])(
    "is not %j",
    (schedule) => {
      expect(reasonsOf(schedule)).toEqual([
        `schedule is ${JSON.stringify(schedule)}; allowed: five fields such as "40 2 * * *", or @yearly, @annually, @monthly, ` +
          "@weekly, @daily, @midnight, @hourly. Write minute, hour, day of the month, month and day of the week; " +
          "the time zone has its own argument.",
      ]);
    },
  );

  it.each(["0 0 31 2 *", "0 0 30 feb ?", "0 0 31 4,6,9,11 */1"])(
    "is refused where it never comes true: %s",
    (schedule) => {
      expect(reasonsOf(schedule)).toEqual([
        `schedule is "${schedule}"; allowed: a day that there is in one of the months. It would never run; correct the day.`,
      ]);
    },
  );
});

describe("a time zone", () => {
  it.each([
    undefined,
    "UTC",
    "Etc/GMT+5",
    "Europe/Berlin",
    "America/Argentina/Buenos_Aires",
    "US/Eastern",
    "Asia/Kolkata",
  ])("may be %s", (timeZone) => {
    expect(checkTimeZone("timeZone", timeZone)).toEqual([]);
  });

  it.each([
    ["Europe/berlin", "Europe/Berlin"],
    ["europe/Berlin", "Europe/Berlin"],
    ["Utc", "UTC"],
    ["Europe/Berlim", "Europe/Berlin"],
  ])("is not %s, which nodes would look for in vain", (timeZone, meant) => {
    expect(checkTimeZone("timeZone", timeZone).map(({ reason }) => reason)).toEqual([
      `timeZone is "${timeZone}"; allowed: a time zone of the IANA, such as Europe/Berlin. Did you mean "${meant}"?`,
    ]);
  });

  it.each(["", "Local", "+01:00", "../etc/passwd"])("is not %j", (timeZone) => {
    expect(checkTimeZone("timeZone", timeZone)).toHaveLength(1);
  });
});
