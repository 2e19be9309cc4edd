import { closest } from "fastest-levenshtein";
import { type InputProblem, inputProblem } from "../../internal";

/** One field of a cron expression. */
interface CronField {
  name: string;
  min: number;
  max: number;
  /** Names of values in their order, the first of which is `min`; undefined where there are only numbers. */
  names?: string[];
}

const FIELDS: CronField[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of the month", min: 1, max: 31 },
  {
    name: "month",
    min: 1,
    max: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { name: "day of the week", min: 0, max: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax (Kubernetes 1.36) */
const MACROS = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/** Days of each month, in leap years. */
const DAYS_OF_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Checks a cron expression of five fields, or one of the macros: that it can be read, and that it ever comes true.
 *
 * @see https://github.com/robfig/cron/blob/v3.0.1/parser.go, by which Kubernetes reads it; there Sunday is 0, and never 7
 */
export function checkCronSchedule(path: string, schedule: string): InputProblem[] {
  if (MACROS.includes(schedule)) return [];
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    const allowed = `five fields such as "40 2 * * *", or ${MACROS.join(", ")}`;
    const remedy =
      "Write minute, hour, day of the month, month and day of the week; the time zone has its own argument.";
    return [inputProblem(path, schedule, allowed, remedy)];
  }
  const values = fields.map((field, index) => valuesOf(field, FIELDS[index]!));
  const unreadable = FIELDS.filter((_, index) => values[index]!.length === 0);
  if (unreadable.length > 0) {
    const allowed = unreadable.map(({ name, min, max }) => `as ${name} *, or numbers from ${min} to ${max}`).join("; ");
    return [
      inputProblem(path, schedule, allowed, 'Write single values, ranges and steps, such as "*/15", "9-17" or "1,15".'),
    ];
  }
  const [, , days = [], months = []] = values;
  const isAnyWeekday = /^[*?](\/1)?$/.test(fields[4]!);
  const ever = months.some((month) => days.some((day) => day <= DAYS_OF_MONTHS[month - 1]!));
  if (ever || !isAnyWeekday) return [];
  return [
    inputProblem(path, schedule, "a day that there is in one of the months", "It would never run; correct the day."),
  ];
}

/**
 * Checks the name of a time zone, in the spelling of the IANA; undefined passes.
 *
 * The cluster's own database decides in the end. This one knows the same names, but takes any case.
 */
export function checkTimeZone(path: string, timeZone: string | undefined): InputProblem[] {
  if (timeZone === undefined) return [];
  const known = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  const isMiscased = known.some((name) => name !== timeZone && name.toLowerCase() === timeZone.toLowerCase());
  if (/^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(timeZone) && !isMiscased && isTimeZone(timeZone)) return [];
  const remedy = `Did you mean "${closest(timeZone, known)}"?`;
  return [inputProblem(path, timeZone, "a time zone of the IANA, such as Europe/Berlin", remedy)];
}

/** The values that a field stands for; none where it cannot be read. */
function valuesOf(text: string, field: CronField): number[] {
  const parts = text.split(",").map((part) => partOf(part, field));
  return parts.some((part) => part.length === 0) ? [] : parts.flat();
}

function partOf(text: string, { min, max, names = [] }: CronField): number[] {
  const [, low = "", high, step = "1"] = /^([*?]|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(text) ?? [];
  const numberOf = (word: string) => {
    const place = names.indexOf(word.toLowerCase());
    return /^\d+$/.test(word) ? Number(word) : place < 0 ? NaN : place + min;
  };
  const isAny = low === "*" || low === "?";
  if (isAny && high !== undefined) return [];
  const from = isAny ? min : numberOf(low);
  const alone = isAny || text.includes("/") ? max : from;
  const to = high === undefined ? alone : numberOf(high);
  const pace = Number(step);
  if (!(from >= min && from <= to && to <= max && pace >= 1)) return [];
  return Array.from({ length: Math.floor((to - from) / pace) + 1 }, (_, index) => from + index * pace);
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
