/** Values that a field of a cron expression may have, and how it may spell them. */
export interface FieldRange {
  min: number;
  max: number;
  /** Names for values; a name stands for its place in the list, counted from `min`. */
  names?: readonly string[];
  /** What stands for every value. */
  every: readonly string[];
  /** How numbers are spelt. */
  number: RegExp;
  /** How steps are spelt. */
  step: RegExp;
}

/** A field's values, and whether it leaves the field open. */
export interface FieldSet {
  values: ReadonlySet<number>;
  isOpen: boolean;
}

/**
 * The values of a field: lists of `*`, `5` and `1-5`, each perhaps with a step such as `/2`; a value with a step goes on to
 * the last one. Undefined for what is no such field.
 */
export function fieldSet(text: string, range: FieldRange): FieldSet | undefined {
  const values = new Set<number>();
  let isOpen = false;
  for (const part of text.split(",")) {
    const bounds = boundsOf(part, range);
    if (bounds === undefined) return undefined;
    const { from, to, step } = bounds;
    for (let value = from; value <= to; value += step) values.add(value);
    isOpen ||= bounds.isOpen;
  }
  return { values, isOpen };
}

function boundsOf(
  part: string,
  range: FieldRange,
): { from: number; to: number; step: number; isOpen: boolean } | undefined {
  const [span = "", stepText, ...more] = part.split("/");
  const step = stepText === undefined ? 1 : numberOf(stepText, range.step);
  if (more.length > 0 || step === undefined || step === 0) return undefined;
  if (range.every.includes(span)) return { from: range.min, to: range.max, step, isOpen: step === 1 };
  const [first = "", last, ...rest] = span.split("-");
  const from = valueOf(first, range);
  const to = last === undefined ? (stepText === undefined ? from : range.max) : valueOf(last, range);
  if (rest.length > 0 || from === undefined || to === undefined || from > to) return undefined;
  return { from, to, step, isOpen: false };
}

function valueOf(text: string, { min, max, names = [], number }: FieldRange): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  const value = named === -1 ? (numberOf(text, number) ?? NaN) : named + min;
  return value >= min && value <= max ? value : undefined;
}

function numberOf(text: string, spelling: RegExp): number | undefined {
  return spelling.test(text) ? Number(text) : undefined;
}
