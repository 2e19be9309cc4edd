import { fieldSet, type FieldRange, type FieldSet } from "./cron-field";

/** How this format spells what fields have in common; `?` is another `*`. */
const COMMON = { every: ["*", "?"], number: /^\d{1,9}$/, step: /^\d{1,9}$/ };

const SECOND: FieldRange = { ...COMMON, min: 0, max: 59 };
const MINUTE: FieldRange = { ...COMMON, min: 0, max: 59 };
const HOUR: FieldRange = { ...COMMON, min: 0, max: 23 };
const DAY: FieldRange = { ...COMMON, min: 1, max: 31 };
const MONTH: FieldRange = {
  ...COMMON,
  min: 1,
  max: 12,
  names: "jan feb mar apr may jun jul aug sep oct nov dec".split(" "),
};
const WEEKDAY: FieldRange = { ...COMMON, min: 0, max: 6, names: "sun mon tue wed thu fri sat".split(" ") };

/** The fields in their order. */
const FIELDS = [SECOND, MINUTE, HOUR, DAY, MONTH, WEEKDAY];

const DAYS_PER_WEEK = 7;
const HOURS_PER_WEEK = 7 * 24;
const SECONDS_PER_HOUR = 3600;

/** Days of each month in the 400 years after which the calendar repeats, and how often there is a 29th of February. */
const YEARS = 400;
const LEAP_YEARS = 97;
/** Days of the months of a year that is no leap year. */
export const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_IN_ALL = YEARS * 365 + LEAP_YEARS;

/** Short names of schedules, and what they stand for. */
const DESCRIPTORS: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** A zone before the fields, which moves the runs and leaves their number as it is. */
const ZONE = /^(?:CRON_)?TZ=\S+\s+/;

const EVERY = /^@every\s+((?:\d+(?:\.\d+)?(?:h|m|s|ms))+)$/;
const EVERY_PARTS = /(\d+(?:\.\d+)?)(ms|h|m|s)/g;
const EVERY_UNITS: Record<string, number> = { h: 1, m: 1 / 60, s: 1 / 3600, ms: 1 / 3_600_000 };

/** When a cron expression comes true: every so many seconds, or at times of some days. */
export type Cron = { /** 1 at least. */ everySeconds: number } | CronFields;

/** The fields of a cron expression; seconds are 0 where it does not name them. */
export interface CronFields {
  seconds: FieldSet;
  minutes: FieldSet;
  hours: FieldSet;
  days: FieldSet;
  months: FieldSet;
  weekdays: FieldSet;
}

/**
 * Reads a cron expression: five fields, or six that begin with seconds; lists, ranges, steps and names; `@daily` and its
 * like, and `@every 90m`. Undefined for what is no such expression.
 *
 * @see https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format (v3.0.1), which Kubernetes and Argo use
 */
export function cronOf(expression: string): Cron | undefined {
  const text = expression.trim().replace(ZONE, "");
  const every = EVERY.exec(text)?.[1];
  if (every !== undefined) return { everySeconds: Math.max(1, hoursOfParts(every) * SECONDS_PER_HOUR) };
  const given = (DESCRIPTORS[text] ?? text).split(/\s+/);
  if (given.length !== 5 && given.length !== 6) return undefined;
  const spelt = given.length === 5 ? ["0", ...given] : given;
  const [seconds, minutes, hours, days, months, weekdays] = FIELDS.map((range, index) =>
    fieldSet(spelt[index]!, range),
  );
  if (seconds === undefined || minutes === undefined || hours === undefined) return undefined;
  if (days === undefined || months === undefined || weekdays === undefined) return undefined;
  return { seconds, minutes, hours, days, months, weekdays };
}

/** Whether either the day of the month or that of the week is enough: where both are restricted. */
export function isEitherDay({ days, weekdays }: CronFields): boolean {
  return !days.isOpen && !weekdays.isOpen;
}

/**
 * How often a cron expression comes true in an average week. Years are averaged over the 400 after which the calendar
 * repeats, and each date is taken to be any day of the week equally often.
 *
 * @returns undefined for what is no such expression.
 */
export function runsPerWeek(expression: string): number | undefined {
  const cron = cronOf(expression);
  if (cron === undefined) return undefined;
  if ("everySeconds" in cron) return (HOURS_PER_WEEK * SECONDS_PER_HOUR) / cron.everySeconds;
  const perDay = cron.seconds.values.size * cron.minutes.values.size * cron.hours.values.size;
  return (perDay * matchingDays(cron)) / DAYS_IN_ALL;
}

/** Days of 400 years on which all of it holds, times 7. */
function matchingDays(cron: CronFields): number {
  const { days, months, weekdays } = cron;
  const isEither = isEitherDay(cron);
  let sum = 0;
  for (const month of months.values) {
    for (let day = 1; day <= 31; day += 1) {
      const isNamed = days.values.has(day);
      const share = isEither && isNamed ? DAYS_PER_WEEK : isNamed || isEither ? weekdays.values.size : 0;
      sum += share * timesThere(month, day);
    }
  }
  return sum;
}

/** How often a date is there in 400 years. */
function timesThere(month: number, day: number): number {
  if (day <= MONTH_DAYS[month - 1]!) return YEARS;
  return day === 29 ? LEAP_YEARS : 0;
}

function hoursOfParts(text: string): number {
  return [...text.matchAll(EVERY_PARTS)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * EVERY_UNITS[unit!]!,
    0,
  );
}
