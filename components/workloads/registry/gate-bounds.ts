import { type InputProblem, inputProblem, problemAt } from "../../internal";

/** The bounds of a gate, of which at least one is given. */
interface GateBounds {
  /** Least value that passes. */
  atLeast?: number;
  /** Greatest value that passes. */
  atMost?: number;
}

/** Checks that the bounds of the argument `gate` are numbers, between which there is something that passes. */
export function checkGateBounds({ atLeast, atMost }: GateBounds): InputProblem[] {
  const isOpen = atLeast === undefined && atMost === undefined;
  const isClosed = atLeast !== undefined && atMost !== undefined && atLeast > atMost;
  return [
    ...(isOpen ? [problemAt("gate", "without a bound", "atLeast or atMost", "Say what passes.")] : []),
    ...(isClosed
      ? [inputProblem("gate.atMost", atMost, `at least atLeast, ${atLeast}`, "Nothing would pass; swap them.")]
      : []),
    ...Object.entries({ atLeast, atMost }).flatMap(([key, bound]) =>
      bound === undefined || Number.isFinite(bound)
        ? []
        : [problemAt(`gate.${key}`, String(bound), "a finite number", "Set it to what must be reached.")],
    ),
  ];
}
