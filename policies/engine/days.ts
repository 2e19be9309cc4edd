const DAY_MS = 24 * 60 * 60 * 1000;

/** Days from one day to another, both as `YYYY-MM-DD`; undefined where one is no day of the calendar. */
export function daysBetween(from: string, to: string): number | undefined {
  const [start, end] = [from, to].map(timeOf);
  return start === undefined || end === undefined ? undefined : Math.round((end - start) / DAY_MS);
}

/** The day of a moment in UTC, as `YYYY-MM-DD`. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, "YYYY-MM-DD".length);
}

function timeOf(day: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const time = Date.parse(`${day}T00:00:00Z`);
  // Date.parse rolls the 31st of a short month over into the next one.
  return Number.isNaN(time) || dayOf(new Date(time)) !== day ? undefined : time;
}
