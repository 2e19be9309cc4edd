import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";

/** Characters of a given text that are shown, so that a pasted file does not drown the message. */
const MAX_SHOWN = 60;

/** What is wrong with a scenario, each as a sentence with the path of the field. */
export function scenarioProblems(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap(problemsOf);
}

/** One fault in the words of all: where, what was given, what is allowed. */
export function fieldProblem(path: string, given: unknown, allowed: string): string {
  return `${path === "" ? "the file" : path} is ${shown(given)}; allowed: ${allowed}.`;
}

/** A path as people write it: `workloads[0].takes`. */
export function fieldPath(segments: readonly PropertyKey[]): string {
  return segments.reduce<string>((path, segment) => {
    if (typeof segment === "number") return `${path}[${segment}]`;
    return path === "" ? String(segment) : `${path}.${String(segment)}`;
  }, "");
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== "unrecognized_keys") {
    const path = fieldPath(issue.path);
    if (issue.code === "custom" && isMapping(issue.input)) return [`${path} needs ${issue.message}.`];
    return [fieldProblem(path, givenIn(issue), allowedBy(issue))];
  }
  const known = issue.message.split(", ");
  return issue.keys.map((key) => {
    const nearest = closest(key, known);
    const hint = distance(key, nearest) <= key.length / 2 ? ` Did you mean "${nearest}"?` : "";
    return `${fieldPath([...issue.path, key])} is not a known key; allowed: ${known.join(", ")}.${hint}`;
  });
}

function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return issue.values.map(String).join(", ");
  if (issue.code === "invalid_union" && "options" in issue) return (issue.options as unknown[]).map(String).join(", ");
  if (issue.code === "invalid_type" && issue.expected === "object") return `a mapping with the keys ${issue.message}`;
  return issue.message;
}

/** Of something that is one of several kinds, what was said of its kind. */
function givenIn(issue: z.core.$ZodIssue): unknown {
  const [field] = issue.path.slice(-1);
  const isKind = issue.code === "invalid_union" && issue.discriminator === field && isMapping(issue.input);
  return isKind ? (issue.input as Record<PropertyKey, unknown>)[field!] : issue.input;
}

function isMapping(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(given: unknown): string {
  if (given === undefined) return "missing";
  if (given === null) return "empty";
  if (typeof given === "object") return Array.isArray(given) ? "a list" : "a mapping";
  const text = JSON.stringify(given);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
