import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";

/** One thing that is wrong with a stack's configuration. */
export interface ConfigProblem {
  /** Where it is, as the user would write it, for example `mlstack:gpuPools[1].instanceType`. */
  path: string;
  /** The sentence that users see: what was given, what is allowed, what to do. */
  text: string;
}

/** Namespace of this project's configuration keys. */
export const CONFIG_NAMESPACE = "mlstack";

/** Characters of a given text that are shown, so that a pasted file does not drown the message. */
const MAX_SHOWN_TEXT = 60;

/** What the schema's types are to a reader; issues about numbers and records say what they mean. */
const typeNames: Record<string, string> = {
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
};

/** Spells a path into the configuration the way Pulumi does: `mlstack:gpuPools[0].labels["example.com/team"]`. */
export function configPath(segments: PropertyKey[]): string {
  const [key, ...rest] = segments;
  return `${CONFIG_NAMESPACE}:${String(key)}${dotted(rest.map(spellSegment).join(""))}`;
}

/** Spells a part of a path with dots where it can be: `labels["team"]` becomes `labels.team`. */
export function dotted(path: string): string {
  return path.replaceAll(/\["([A-Za-z_]\w*)"\]/g, ".$1");
}

/** Words a problem the way components do: what was given, what is allowed, what to do. */
export function configProblem(path: string, given: unknown, allowed: string, remedy: string): ConfigProblem {
  return { path, text: `${path} is ${spellGiven(given)}; allowed: ${allowed}. ${remedy}` };
}

/**
 * Words what the schema found. The issue must carry its input; one about a mapping lists the mapping's keys as its
 * message, separated by commas.
 */
export function schemaProblems(issue: z.core.$ZodIssue): ConfigProblem[] {
  if (issue.code === "unrecognized_keys") {
    const known = issue.message.split(", ");
    return issue.keys.map((key) => unknownKeyProblem(configPath([...issue.path, key]), key, known));
  }
  const allowed = allowedBy(issue);
  return [configProblem(configPath(issue.path), issue.input, allowed.join(", "), remedyFor(issue, allowed))];
}

function unknownKeyProblem(path: string, key: string, known: string[]): ConfigProblem {
  const remedy = suggestion(key, known) ?? "Remove it.";
  return { path, text: `${path} is not a known key; allowed: ${known.join(", ")}. ${remedy}` };
}

function allowedBy(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code !== "invalid_type") return ["text that is not empty"];
  const typeName = typeNameOf(issue);
  return [issue.expected === "object" ? `${typeName} with the keys ${issue.message}` : typeName];
}

function typeNameOf({ expected, message }: z.core.$ZodIssueInvalidType): string {
  return typeNames[expected] ?? message;
}

function remedyFor(issue: z.core.$ZodIssue, allowed: string[]): string {
  const { input } = issue;
  if (input === undefined) return "Add it.";
  if (issue.code === "invalid_value") {
    return (typeof input === "string" ? suggestion(input, allowed) : undefined) ?? "Set it to one of these.";
  }
  if (issue.code !== "invalid_type") return "Write it out, or remove the key.";
  if (issue.expected === "number" && typeof input === "string" && /^-?[\d.]+$/.test(input)) {
    return "Write it without quotes.";
  }
  const lacksQuotes = issue.expected === "string" && (typeof input === "number" || typeof input === "boolean");
  return lacksQuotes ? "Write it in quotes." : `Write it as ${typeNameOf(issue)}.`;
}

/** Suggests the nearest known word, unless more than half of what was written would have to change. */
function suggestion(written: string, known: string[]): string | undefined {
  const nearest = closest(written, known);
  return distance(written, nearest) <= written.length / 2 ? `Did you mean "${nearest}"?` : undefined;
}

function spellSegment(segment: PropertyKey): string {
  return typeof segment === "number" ? `[${segment}]` : `[${JSON.stringify(String(segment))}]`;
}

function spellGiven(given: unknown): string {
  if (given === undefined) return "missing";
  if (given === null) return "empty";
  if (typeof given === "object") return Array.isArray(given) ? "a list" : "a mapping";
  const text = JSON.stringify(given);
  return text.length > MAX_SHOWN_TEXT ? `${text.slice(0, MAX_SHOWN_TEXT)}…` : text;
}
