import { fieldSet, type FieldRange } from "../demand/cron-field";

/** How this format spells what fields have in common. */
const COMMON = { min: 0, every: ["*"], number: /^\d{1,2}$/, step: /^[1-9]\d?$/ };

const MINUTE: FieldRange = { ...COMMON, max: 59 };
const HOUR: FieldRange = { ...COMMON, max: 23 };
/** Both 0 and 7 are Sunday. */
const WEEKDAY: FieldRange = { ...COMMON, max: 7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;

/** Minutes of a week, which begins on Sunday at midnight. */
export const MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY;

/**
 * The minutes of the week at which a cron expression comes true, sorted: five fields, with lists, ranges and steps.
 *
 * @returns undefined for what is no such expression, and for one that is not the same every week.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html "Recurring schedules"
 */
export function weekTimesOf(expression: string): number[] | undefined {
  const [minute, hour, day, month, weekday, ...more] = expression.trim().split(/\s+/);
  if (weekday === undefined || more.length > 0 || day !== "*" || month !== "*") return undefined;
  const minutes = valuesOf(minute!, MINUTE);
  const hours = valuesOf(hour!, HOUR);
  const weekdays = valuesOf(weekday, WEEKDAY);
  if (minutes === undefined || hours === undefined || weekdays === undefined) return undefined;
  const times = weekdays.flatMap((dayNumber) =>
    hours.flatMap((hourNumber) =>
      minutes.map((number) => (dayNumber % 7) * MINUTES_PER_DAY + hourNumber * MINUTES_PER_HOUR + number),
    ),
  );
  return [...new Set(times)].sort((a, b) => a - b);
}

function valuesOf(field: string, range: FieldRange): number[] | undefined {
  const set = fieldSet(field, range);
  return set && [...set.values];
}
