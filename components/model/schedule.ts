import { closest } from "fastest-levenshtein";
import type { ValueProblem } from "./value-problem";

/** Days of the week. */
export const Weekday = {
  sunday: "sunday",
  monday: "monday",
  tuesday: "tuesday",
  wednesday: "wednesday",
  thursday: "thursday",
  friday: "friday",
  saturday: "saturday",
} as const;
/** Days of the week. */
export type Weekday = (typeof Weekday)[keyof typeof Weekday];

/** Hours in which a pool keeps nodes ready, so that a batch at a set time does not wait for machines. */
export interface PoolSchedule {
  /** Name of the schedule, a DNS label that is unique in the pool. */
  name: string;
  /** Days on which the hours begin; every day by default. */
  days?: Weekday[];
  /** Time of day at which nodes are there, from `00:00` to `23:59`. */
  from: string;
  /** Time of day at which they may go, from `00:00` to `23:59`; of the next day where it is before `from`. */
  to: string;
  /** IANA time zone of both times, for example `Europe/Berlin`; `UTC` by default. One for all schedules of a pool. */
  timeZone?: string;
  /** Nodes that are ready in these hours, from 1. */
  nodes: number;
}

/** A schedule as cron jobs understand it. */
export interface ScheduleCron {
  /** Cron expression (five fields) of the moment at which nodes are there. */
  up: string;
  /** Cron expression (five fields) of the moment at which they may go. */
  down: string;
  /** Time zone of both. */
  timeZone: string;
  /** Minutes between the two, from 1 to 1439; an hour more or less where clocks change meanwhile. */
  minutes: number;
}

const MINUTES_PER_DAY = 24 * 60;
const MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY;

/** In the order of cron, which counts from Sunday, 0. */
const WEEKDAYS: Weekday[] = Object.values(Weekday);

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** `Intl` also takes offsets and any case, which AWS does not. */
const TIME_ZONE = /^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/;

/**
 * The cron expressions of a schedule.
 *
 * @param schedule without problems, as {@link scheduleProblems} tells.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html "Recurring schedules"
 */
export function scheduleCron(schedule: PoolSchedule): ScheduleCron {
  const [from, to] = [minuteOfDay(schedule.from), minuteOfDay(schedule.to)];
  const days = dayNumbers(schedule);
  const overnight = to < from ? 1 : 0;
  return {
    up: cronAt(from, days),
    down: cronAt(
      to,
      days.map((day) => (day + overnight) % 7),
    ),
    timeZone: timeZoneOf(schedule),
    minutes: minutesOf(schedule),
  };
}

/** Tells everything that is wrong with the schedules of one pool; paths begin with the index, for example `[1].from`. */
export function scheduleProblems(schedules: PoolSchedule[]): ValueProblem[] {
  const problems = schedules.flatMap((schedule, index) =>
    [
      ...nameProblems(schedule, schedules.slice(0, index)),
      ...daysProblems(schedule),
      ...timeProblems(schedule),
      ...timeZoneProblems(schedule),
      ...nodesProblems(schedule),
    ].map((problem) => ({ ...problem, path: `[${index}].${problem.path}` })),
  );
  return problems.length > 0 ? problems : [...mixedZoneProblems(schedules), ...overlapProblems(schedules)];
}

function nameProblems({ name: given }: PoolSchedule, earlier: PoolSchedule[]): ValueProblem[] {
  const path = "name";
  if (!NAME.test(given)) {
    const allowed = "at most 63 lower-case letters, digits and inner hyphens";
    return [{ path, given, allowed, remedy: "Set it to such a name." }];
  }
  if (earlier.every(({ name }) => name !== given)) return [];
  return [{ path, given, allowed: "each name once", remedy: "Rename it." }];
}

function daysProblems({ days: given }: PoolSchedule): ValueProblem[] {
  if (given?.length === 0) {
    return [{ path: "days", given, allowed: "at least one day", remedy: "Name days, or leave it out for every day." }];
  }
  return (given ?? []).flatMap((day, index) => {
    const path = `days[${index}]`;
    if (!WEEKDAYS.includes(day)) {
      return [{ path, given: day, allowed: WEEKDAYS.join(", "), remedy: "Set it to one of these." }];
    }
    if (given!.indexOf(day) === index) return [];
    return [{ path, given: day, allowed: "each day once", remedy: "Remove it." }];
  });
}

function timeProblems({ from, to }: PoolSchedule): ValueProblem[] {
  const misspelt = Object.entries({ from, to }).flatMap(([path, given]) => {
    if (TIME.test(given)) return [];
    return [{ path, given, allowed: "a time of day from 00:00 to 23:59", remedy: 'Write it like "07:30".' }];
  });
  if (misspelt.length > 0 || from !== to) return misspelt;
  const allowed = `any time but ${from}, at which the hours begin`;
  return [
    { path: "to", given: to, allowed, remedy: "For nodes around the clock, raise minNodes of the pool instead." },
  ];
}

function timeZoneProblems({ timeZone: given }: PoolSchedule): ValueProblem[] {
  if (given === undefined || isTimeZone(given)) return [];
  const nearest = closest(given, ["UTC", ...Intl.supportedValuesOf("timeZone")]);
  return [{ path: "timeZone", given, allowed: "a time zone of the IANA", remedy: `Did you mean "${nearest}"?` }];
}

function nodesProblems({ nodes: given }: PoolSchedule): ValueProblem[] {
  if (Number.isInteger(given) && given >= 1) return [];
  return [{ path: "nodes", given, allowed: "a whole number from 1", remedy: "Set it to the nodes that stand ready." }];
}

/** Whether hours of different zones overlap would differ between summer and winter. */
function mixedZoneProblems(schedules: PoolSchedule[]): ValueProblem[] {
  return schedules.flatMap((schedule, index) => {
    const [given, first] = [timeZoneOf(schedule), timeZoneOf(schedules[0]!)];
    if (given === first) return [];
    const remedy = "Write all schedules of the pool in one time zone.";
    return [{ path: `[${index}].timeZone`, given, allowed: `${first}, as for ${schedules[0]!.name}`, remedy }];
  });
}

/** Hours that touch count as well: of two changes at the same minute, AWS refuses the second. */
function overlapProblems(schedules: PoolSchedule[]): ValueProblem[] {
  return schedules.flatMap((schedule, index) => {
    const other = schedules.slice(0, index).find((earlier) => overlaps(earlier, schedule));
    if (other === undefined) return [];
    const given = `${schedule.from} to ${schedule.to}`;
    const allowed = `hours that neither overlap nor touch those of ${other.name}, ${other.from} to ${other.to}`;
    return [{ path: `[${index}]`, given, allowed, remedy: "Move them, or make the two one schedule." }];
  });
}

function overlaps(a: PoolSchedule, b: PoolSchedule): boolean {
  return startsOf(a).some((startA) =>
    startsOf(b).some((startB) => {
      const wait = (startB - startA + MINUTES_PER_WEEK) % MINUTES_PER_WEEK;
      return wait <= minutesOf(a) || MINUTES_PER_WEEK - wait <= minutesOf(b);
    }),
  );
}

/** Minutes of the week at which the hours begin. */
function startsOf(schedule: PoolSchedule): number[] {
  return dayNumbers(schedule).map((day) => day * MINUTES_PER_DAY + minuteOfDay(schedule.from));
}

function minutesOf({ from, to }: PoolSchedule): number {
  return (minuteOfDay(to) - minuteOfDay(from) + MINUTES_PER_DAY) % MINUTES_PER_DAY;
}

function minuteOfDay(time: string): number {
  const [hours, minutes] = time.split(":").map(Number);
  return hours! * 60 + minutes!;
}

function dayNumbers({ days = WEEKDAYS }: PoolSchedule): number[] {
  return days.map((day) => WEEKDAYS.indexOf(day));
}

function timeZoneOf({ timeZone = "UTC" }: PoolSchedule): string {
  return timeZone;
}

function isTimeZone(text: string): boolean {
  if (!TIME_ZONE.test(text)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function cronAt(minuteOfDay: number, days: number[]): string {
  const sorted = [...days].sort((a, b) => a - b);
  const daysOfWeek = sorted.length === WEEKDAYS.length ? "*" : sorted.join(",");
  return `${minuteOfDay % 60} ${Math.floor(minuteOfDay / 60)} * * ${daysOfWeek}`;
}
