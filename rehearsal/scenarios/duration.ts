import { z } from "zod";

/** Seconds of each unit, in the order in which they are written. */
const UNITS: readonly (readonly [unit: string, seconds: number])[] = [
  ["w", 7 * 86_400],
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
  ["s", 1],
];

const SHAPE = new RegExp(`^${UNITS.map(([unit]) => `(?:(\\d+(?:\\.\\d+)?)${unit})?`).join("")}$`);

/** What a duration is to a reader; the schema's issues say it. */
const DURATION_WORDS = "a time such as 90s, 45m, 6h30m or 2d";

/**
 * Seconds of a time such as `45m`, `6h30m` or `2d`: weeks, days, hours, minutes and seconds, each at most once and large
 * ones first. `0` alone is no time at all.
 *
 * @returns undefined for what is no such text.
 */
export function secondsOf(text: string): number | undefined {
  if (text === "0") return 0;
  const parts = text === "" ? null : SHAPE.exec(text);
  if (parts === null) return undefined;
  const seconds = UNITS.reduce((sum, [, worth], index) => sum + Number(parts[index + 1] ?? 0) * worth, 0);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** A time as it is written, with at most two units: `1h 30m`, `45s`, `0.4s`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))}s`;
  const whole = Math.round(seconds);
  const units = UNITS.filter(([unit]) => unit !== "w");
  const first = units.findIndex(([, worth]) => whole >= worth);
  const [[unit, worth], next] = [units[first]!, units[first + 1]];
  const rest = next === undefined ? 0 : Math.floor((whole % worth) / next[1]);
  return `${Math.floor(whole / worth)}${unit}${rest === 0 ? "" : ` ${rest}${next![0]}`}`;
}

/** A time in a scenario file, which becomes seconds of the scenario; 0 and more. */
export const duration = z.union([z.string(), z.literal(0)], { error: DURATION_WORDS }).transform((written, context) => {
  const seconds = secondsOf(String(written));
  if (seconds !== undefined) return seconds;
  context.issues.push({ code: "custom", message: DURATION_WORDS, input: written });
  return z.NEVER;
});

/** A time that passes: more than 0. */
export const span = duration.refine((seconds) => seconds > 0, { error: `${DURATION_WORDS}, more than 0` });
