import { distance } from "fastest-levenshtein";

/** The names that are most like a mistyped one. */
export function nearest(name: string, names: readonly string[], count = 3): string[] {
  const far = new Map(names.map((known) => [known, distance(known.toUpperCase(), name.toUpperCase())]));
  return [...far.keys()].toSorted((a, b) => far.get(a)! - far.get(b)!).slice(0, count);
}
