/**
 * Stands for a value that is not known yet, such as a resource's output during a preview.
 *
 * Rules meet this marker in place of the leaf and go on judging everything beside it.
 */
export const UNKNOWN: unique symbol = Symbol.for("mlstack.unknown");

/** Type of the {@link UNKNOWN} marker. */
export type Unknown = typeof UNKNOWN;

/** Tells whether a value is the {@link UNKNOWN} marker. */
export function isUnknown(value: unknown): value is Unknown {
  return value === UNKNOWN;
}
