/** Hours of each unit, in the order in which they are written. */
const UNITS: readonly (readonly [unit: string, hours: number])[] = [
  ["w", 7 * 24],
  ["d", 24],
  ["h", 1],
  ["m", 1 / 60],
  ["s", 1 / 3600],
];

const SHAPE = new RegExp(`^${UNITS.map(([unit]) => `(?:(\\d+(?:\\.\\d+)?)${unit})?`).join("")}$`);

/**
 * Hours of a duration such as `45m`, `6h30m` or `2d`: weeks, days, hours, minutes and seconds, each at most once and
 * large ones first.
 *
 * @returns undefined for what is no such text, and for no time at all.
 */
export function hoursOf(text: unknown): number | undefined {
  const parts = typeof text === "string" ? SHAPE.exec(text.trim()) : null;
  if (parts === null) return undefined;
  const hours = UNITS.reduce((sum, [, worth], index) => sum + Number(parts[index + 1] ?? 0) * worth, 0);
  return hours > 0 && Number.isFinite(hours) ? hours : undefined;
}
