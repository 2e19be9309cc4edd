import fc from "fast-check";

/** A value of an arbitrary with some probability, else always the same one. */
export function sometimes<T, U>(probability: number, value: fc.Arbitrary<T>, otherwise: U): fc.Arbitrary<T | U> {
  const weight = Math.round(probability * 1000);
  return fc.oneof({ weight, arbitrary: value }, { weight: 1000 - weight, arbitrary: fc.constant(otherwise) });
}

/** Objects in which each of the properties is there with its probability. */
export function withSome<T>(
  properties: Readonly<Record<string, readonly [probability: number, value: fc.Arbitrary<T>]>>,
): fc.Arbitrary<Record<string, T>> {
  const absent = Symbol("absent");
  const choices = Object.entries(properties).map(([key, [probability, value]]) =>
    sometimes(
      probability,
      value.map((value) => [key, value] as const),
      absent,
    ),
  );
  return fc
    .tuple(...choices)
    .map((entries) => Object.fromEntries(entries.filter((entry): entry is readonly [string, T] => entry !== absent)));
}
