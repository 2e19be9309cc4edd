import { configPath } from "./problem";
import type { Config } from "./schema";

/** A configuration, or part of one, in which everything of a wrong shape is undefined, also in lists. */
export type Draft<T> = T extends (infer Element)[]
  ? (Draft<Element> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T;

/** What is left of a configuration once everything of a wrong shape is undefined. */
export type ConfigDraft = Draft<Config>;

/** Where a draft is undefined for having had a wrong shape. */
type FaultPath = PropertyKey[];

/** A part of a draft with sound values in place of what had a wrong shape, so that the rest can be judged. */
export interface Mended<T> {
  value: T;
  /** Where sound values stand, as messages spell paths. */
  faults: string[];
}

/**
 * Puts sound values where a draft is undefined.
 *
 * @param path where the draft is in the configuration.
 * @param samples sound values for what is required; of a list, its first element is one for each of its elements. What
 * has no sample is left out, and so is the whole list whose element has none, as the others would lose their places.
 */
export function mended<T>(path: PropertyKey[], draft: unknown, samples: object): Mended<T> {
  const faults: FaultPath[] = [];
  const value = fill(draft, samples, path, faults) as T;
  return { value, faults: faults.map((fault) => configPath(fault)) };
}

/** Tells whether a path leads to one of the others, into it, or to what it is in. */
export function isRelated(path: string, others: string[]): boolean {
  return others.some((other) => isWithin(path, other) || isWithin(other, path));
}

/** Tells whether a path leads to another or into it. */
export function isWithin(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
}

function fill(draft: unknown, samples: unknown, path: PropertyKey[], faults: FaultPath[]): unknown {
  if (draft === undefined) {
    faults.push(path);
    return structuredClone(samples);
  }
  if (Array.isArray(draft)) {
    const [sample] = Array.isArray(samples) ? (samples as unknown[]) : [];
    const filled = draft.map((element, index) => fill(element, sample, [...path, index], faults));
    return filled.includes(undefined) ? fill(undefined, undefined, path, faults) : filled;
  }
  if (typeof draft !== "object" || draft === null) return draft;
  const entries = Object.entries(draft).map(([key, inner]) => {
    return [key, fill(inner, sampleOf(samples, key), [...path, key], faults)];
  });
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

/** The sample of a key; keys such as `toString`, which every object inherits, have none by that. */
function sampleOf(samples: unknown, key: string): unknown {
  if (typeof samples !== "object" || samples === null || !Object.hasOwn(samples, key)) return undefined;
  return Reflect.get(samples, key);
}
