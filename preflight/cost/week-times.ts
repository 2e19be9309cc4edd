/** Values of a field of a cron expression, and the names of them. */
interface FieldRange {
  max: number;
  names?: readonly string[];
}

const MINUTE: FieldRange = { max: 59 };
const HOUR: FieldRange = { max: 23 };
/** Both 0 and 7 are Sunday. */
const WEEKDAY: FieldRange = { max: 7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

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
  const parts = field.split(",").map((part) => partValues(part, range));
  return parts.includes(undefined) ? undefined : parts.flatMap((values) => values!);
}

/** `*`, `5` or `1-5`, each perhaps with a step such as `/2`; a value with a step goes on to the last one. */
function partValues(part: string, range: FieldRange): number[] | undefined {
  const shape = /^(?:(?<all>\*)|(?<from>\w+)(?:-(?<to>\w+))?)(?:\/(?<step>[1-9]\d?))?$/.exec(part)?.groups;
  if (shape === undefined) return undefined;
  const from = shape.all === undefined ? valueOf(shape.from!, range) : 0;
  const last = shape.all !== undefined || shape.step !== undefined ? range.max : from;
  const to = shape.to === undefined ? last : valueOf(shape.to, range);
  if (from === undefined || to === undefined || to < from) return undefined;
  const step = Number(shape.step ?? 1);
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function valueOf(text: string, { max, names = [] }: FieldRange): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named !== -1) return named;
  return /^\d{1,2}$/.test(text) && Number(text) <= max ? Number(text) : undefined;
}
