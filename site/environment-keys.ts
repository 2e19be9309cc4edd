import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { configSchema } from "../stacks/config/schema";

/** A key of an environment's configuration. */
export interface EnvironmentKey {
  /** Path without `mlstack:`, for example `gpuPools[].taints[].key`. */
  path: string;
  /** What its value is, as Markdown: a type, or the values that are allowed. */
  type: string;
  /** Whether it must be there where what it belongs to is given. */
  isRequired: boolean;
}

/** What the guide says of a key. */
interface Explained {
  default: string;
  meaning: string;
}

/** What is read of a JSON schema. */
interface SchemaNode {
  type?: string;
  enum?: (string | number)[];
  required?: string[];
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  additionalProperties?: SchemaNode | boolean;
  $ref?: string;
}

const GUIDE = "docs/configuration.md";

/** Environments whose values serve as examples, the smallest first. */
const ENVIRONMENTS = ["local", "dev", "staging", "prod"];

/** What types are called in configurations. */
const WORDS: Record<string, string> = {
  string: "text",
  number: "number",
  integer: "number",
  boolean: "`true` or `false`",
  object: "mapping",
};

/**
 * Every key of an environment's configuration, read from the schema that checks it. Arguments of the platform's parts are left
 * out: they are those of the components.
 */
export function environmentKeys(): EnvironmentKey[] {
  return keysOf(z.toJSONSchema(configSchema) as SchemaNode, "").filter(({ path }) => !isArgumentOfPart(path));
}

/** Whether a key is an argument of one of the platform's parts, which is on the page of that part. */
export function isArgumentOfPart(path: string): boolean {
  return /^platform\.parts\.\w+[.[]/.test(path);
}

/**
 * The page `docs/environment-keys.md`: type and allowed values by the schema, default and meaning by the guide, and a value of an
 * environment of this checkout, where one has the key.
 *
 * @param root Checkout.
 * @throws {Error} when the guide does not explain a key.
 */
export function environmentKeysPage(root: string): string {
  const explained = explanations(readFileSync(join(root, GUIDE), "utf8"));
  const environments = ENVIRONMENTS.map((stack) => ({ stack, config: configOf(root, stack) }));
  const entries = environmentKeys().map((key) => {
    const found = explained.get(key.path);
    if (found === undefined) throw new Error(`${GUIDE} does not explain ${key.path}`);
    return entryOf(key, found, environments);
  });
  return `${[
    "# Keys of environments",
    "<!-- Written by test/site/environment-keys.test.ts with UPDATE_GOLDEN=1; edits by hand are lost. -->",
    `Every key of a file \`stacks/Pulumi.<stack>.yaml\`, which stands there under \`mlstack:\`, as the schema has it that checks configurations.
[configuration.md](configuration.md) has whole ones. Arguments of a part of the platform are those of its component.`,
    ...entries,
  ].join("\n\n")}\n`;
}

function entryOf(
  { path, type, isRequired }: EnvironmentKey,
  { default: byDefault, meaning }: Explained,
  environments: { stack: string; config: unknown }[],
): string {
  const examples = environments.map(({ stack, config }) => ({ stack, value: valuesAt(config, path).find(isShort) }));
  const example = examples.find(({ value }) => value !== undefined);
  return [
    `## ${path}`,
    `${meaning}.`,
    [
      `- Value: ${type}`,
      isRequired ? "- Required" : `- Default: ${byDefault}`,
      ...(example === undefined ? [] : [`- In \`${example.stack}\`: \`${JSON.stringify(example.value)}\``]),
    ].join("\n"),
  ].join("\n\n");
}

function keysOf(node: SchemaNode, prefix: string): EnvironmentKey[] {
  if (node.items !== undefined) return keysOf(node.items, `${prefix}[]`);
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    return [{ path, type: typeOf(child), isRequired: node.required?.includes(key) ?? false }, ...keysOf(child, path)];
  });
}

function typeOf({ type = "", enum: allowed, items, additionalProperties }: SchemaNode): string {
  if (allowed !== undefined) return `one of ${allowed.map((value) => `\`${value}\``).join(", ")}`;
  if (items !== undefined) return `list, each: ${typeOf(items)}`;
  if (typeof additionalProperties === "object") return `mapping of names, each: ${typeOf(additionalProperties)}`;
  return WORDS[type] ?? "mapping";
}

/** The rows of the guide's tables of keys. */
function explanations(guide: string): Map<string, Explained> {
  const rows = [...guide.matchAll(/^\| `([^`]+)` +\| [^|]+\| ([^|]+)\| (.+) \|$/gm)];
  return new Map(
    rows.map(([, key = "", byDefault = "", meaning = ""]) => [
      key,
      { default: byDefault.trim(), meaning: meaning.trim() },
    ]),
  );
}

function configOf(root: string, stack: string): unknown {
  const { config } = parse(readFileSync(join(root, "stacks", `Pulumi.${stack}.yaml`), "utf8")) as { config: object };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace("mlstack:", ""), value as unknown]),
  );
}

/** All values at a path in which `[]` stands for each element of a list. */
function valuesAt(config: unknown, path: string): unknown[] {
  return path.split(".").reduce<unknown[]>(
    (values, step) =>
      step.split("[]").reduce<unknown[]>((found, key, at) => {
        const elements =
          at === 0 ? found : found.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []));
        return key === "" ? elements : elements.map((value) => (value as Record<string, unknown> | undefined)?.[key]);
      }, values),
    [config],
  );
}

/** Whether a value says something in a line of its own. */
function isShort(value: unknown): boolean {
  return value !== undefined && value !== null && JSON.stringify(value).length <= 60;
}
