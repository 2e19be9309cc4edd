import { cronOf, isEitherDay, MONTH_DAYS, type CronFields } from "./cron";

const SECONDS_PER_HOUR = 3600;
const SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR;

/** Days of a calendar that repeats, and on which of them something starts. */
interface StartDays {
  isStart: readonly boolean[];
  /** Days before each that start something. */
  before: readonly number[];
  /** Days that start something, in all. */
  total: number;
}

/** What starts after the day on which a run does, while it runs for so many days. */
interface Following {
  /** Days in between that start something, and whether that on which the run ends does. */
  between: number;
  isLast: boolean;
}

/**
 * How many runs are under way at once at the most, where each takes so many hours and none waits for those before it: starts
 * in the busiest time as long as a run. Undefined for what is no cron expression.
 */
export function mostAtOnce(expression: string, hours: number): number | undefined {
  const cron = cronOf(expression);
  if (cron === undefined) return undefined;
  const seconds = Math.ceil(hours * SECONDS_PER_HOUR);
  if ("everySeconds" in cron) return Math.ceil(seconds / cron.everySeconds);
  const times = timesOfDay(cron);
  // What starts once a day ends before it starts again.
  return times.length === 1 && seconds <= SECONDS_PER_DAY ? 1 : mostStarts(times, startDays(cron), seconds);
}

/** Starts of a day, as seconds since it began. */
function timesOfDay({ seconds, minutes, hours }: CronFields): number[] {
  const times: number[] = [];
  for (const hour of hours.values) {
    for (const minute of minutes.values) {
      for (const second of seconds.values) times.push(hour * SECONDS_PER_HOUR + minute * 60 + second);
    }
  }
  return times.sort((a, b) => a - b);
}

function mostStarts(times: readonly number[], days: StartDays, seconds: number): number {
  const whole = Math.floor(seconds / SECONDS_PER_DAY);
  const situations = new Map<string, readonly [sameDay: Following, nextDay: Following]>();
  days.isStart.forEach((isStart, day) => {
    if (!isStart) return;
    const both = [following(days, day, whole), following(days, day, whole + 1)] as const;
    situations.set(JSON.stringify(both), both);
  });
  let most = 0;
  for (const [short, long] of situations.values()) {
    times.forEach((time, index) => {
      const end = time + (seconds % SECONDS_PER_DAY);
      const isLonger = end >= SECONDS_PER_DAY;
      const { between, isLast } = isLonger ? long : short;
      const started = countBefore(times, isLonger ? end - SECONDS_PER_DAY : end);
      const isSameDay = whole === 0 && !isLonger;
      const onFirst = isSameDay ? started - index : times.length - index;
      most = Math.max(most, onFirst + between * times.length + (isLast && !isSameDay ? started : 0));
    });
  }
  return most;
}

function following({ isStart, before, total }: StartDays, day: number, days: number): Following {
  const upTo = (end: number) => Math.floor(end / isStart.length) * total + before[end % isStart.length]!;
  return { between: days < 2 ? 0 : upTo(day + days) - upTo(day + 1), isLast: isStart[(day + days) % isStart.length]! };
}

/** How many sorted numbers are below another one. */
function countBefore(sorted: readonly number[], end: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < end) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The days of a week where all weeks are alike, else those of the 28 years after which dates and weekdays repeat. */
function startDays(cron: CronFields): StartDays {
  const { days, months, weekdays } = cron;
  const isEither = isEitherDay(cron);
  const isOn = (day: number, weekday: number): boolean =>
    isEither
      ? days.values.has(day) || weekdays.values.has(weekday)
      : days.values.has(day) && weekdays.values.has(weekday);
  const isStart: boolean[] = [];
  if (days.values.size === 31 && months.values.size === 12) {
    for (let weekday = 0; weekday < 7; weekday++) isStart.push(isOn(1, weekday));
  } else {
    for (let year = 1; year <= 28; year++) {
      MONTH_DAYS.forEach((usual, month) => {
        const length = month === 1 && year % 4 === 0 ? usual + 1 : usual;
        for (let day = 1; day <= length; day++) {
          isStart.push(months.values.has(month + 1) && isOn(day, isStart.length % 7));
        }
      });
    }
  }
  let total = 0;
  const before = isStart.map((is) => (is ? total++ : total));
  return { isStart, before, total };
}
