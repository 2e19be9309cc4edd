import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { type ConfigDraft, isWithin } from "./draft";
import { environmentOf, type Environment } from "./environment";
import { CONFIG_NAMESPACE, type ConfigProblem, schemaProblems } from "./problem";
import { ruleProblems } from "./rules";
import { configSchema } from "./schema";

export type { Environment, GpuPool } from "./environment";

/** Where a configuration comes from, as far as its messages depend on it. */
export interface ConfigSource {
  /** Name of the stack, for example `local`. */
  stack: string;
  /** Full names of the keys whose values are secret and must not appear in a message; none by default. */
  secretKeys?: string[];
}

/** Every problem of a stack's configuration. The engine prints the message without a stack trace. */
export class ConfigurationError extends pulumi.RunError {
  public override readonly name = "ConfigurationError";

  /** What is wrong, in the order of the paths. */
  public readonly problems: ConfigProblem[];

  /** @param problems what is wrong, at least one. */
  constructor({ stack, secretKeys = [] }: ConfigSource, problems: ConfigProblem[]) {
    const shown = inReadingOrder(problems).map((problem) => masked(problem, secretKeys));
    const count = shown.length === 1 ? "1 problem" : `${shown.length} problems`;
    const lines = shown.map(({ text }) => `  ${text}`);
    super([`Pulumi.${stack}.yaml has ${count}; nothing was changed.`, ...lines, helpLine].join("\n"));
    this.problems = shown;
  }
}

const helpLine = "Every key is described in docs/configuration.md.";

/**
 * Reads and checks the configuration of a stack.
 *
 * @param values configuration as Pulumi hands it over: full key to text, JSON where the value is structured. Keys of
 * other namespaces are left alone.
 * @throws ConfigurationError naming every problem at once with its path.
 */
export function readEnvironment(values: Record<string, string>, source: ConfigSource): Environment {
  const written = decode(values);
  const parsed = configSchema.safeParse(written, { reportInput: true });
  const issues = parsed.error?.issues ?? [];
  const draft = withoutFaults(written, issues.flatMap(faultyPaths));
  const problems = [...issues.flatMap(schemaProblems), ...ruleProblems(draft, source.stack)];
  if (parsed.success && problems.length === 0) return environmentOf(parsed.data, source.stack);
  throw new ConfigurationError(source, problems);
}

function decode(values: Record<string, string>): Record<string, unknown> {
  const prefix = `${CONFIG_NAMESPACE}:`;
  const own = Object.entries(values).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, text]) => decodeEntry(key.slice(prefix.length), text)));
}

/** Where text is wanted it is kept, as it may look like a number: `12e3456` is a commit. */
function decodeEntry(key: string, text: string): [key: string, value: unknown] {
  const fields: Record<string, z.ZodType> = configSchema.shape;
  const wantsText = Object.hasOwn(fields, key) && fields[key]!.safeParse(text).success;
  return [key, wantsText ? text : decodeValue(text)];
}

/** Pulumi hands over text as it is and everything else as JSON. */
function decodeValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function faultyPaths(issue: z.core.$ZodIssue): PropertyKey[][] {
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
}

/** The configuration without what has the wrong shape, so that the rest can still be judged; lists keep their places. */
function withoutFaults(written: Record<string, unknown>, paths: PropertyKey[][]): ConfigDraft {
  const draft = structuredClone(written);
  for (const path of paths) {
    const parent = path.slice(0, -1).reduce<unknown>((node, segment) => childOf(node, segment), draft);
    if (typeof parent === "object" && parent !== null) Reflect.set(parent, path.at(-1)!, undefined);
  }
  return draft;
}

function childOf(node: unknown, segment: PropertyKey): unknown {
  return typeof node === "object" && node !== null ? Reflect.get(node, segment) : undefined;
}

function inReadingOrder(problems: ConfigProblem[]): ConfigProblem[] {
  return problems.toSorted((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}

function masked(problem: ConfigProblem, secretKeys: string[]): ConfigProblem {
  const { path } = problem;
  const isSecret = secretKeys.some((key) => isWithin(path, key));
  if (!isSecret) return problem;
  return {
    path,
    text: `${path} is not accepted. Its value is secret and not shown; compare it with the table of keys.`,
  };
}
