/** Least and greatest of some samples. */
export interface Spread {
  least: number;
  greatest: number;
}

/**
 * The middle of some samples: one disturbed run does not move it, as it would move a mean.
 *
 * @param samples At least one.
 * @throws {RangeError} when there is none.
 */
export function median(samples: number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const [lower, upper] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (lower === undefined || upper === undefined) throw new RangeError("no sample has a median");
  return (lower + upper) / 2;
}

/**
 * How far the samples lie apart. Least and greatest say more of a handful of runs than quartiles or a deviation.
 *
 * @param samples At least one.
 */
export function spread(samples: number[]): Spread {
  return { least: Math.min(...samples), greatest: Math.max(...samples) };
}

/** A number with as many digits as a timing deserves: about three. */
export function rounded(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(digits);
}
