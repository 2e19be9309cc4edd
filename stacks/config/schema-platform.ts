import { z } from "zod";
import type { MlPlatformArgs } from "../../components";
import { mapping } from "./schema-types";
import type { ArgumentType, NamedType, PlatformArguments } from "./platform-types";
import written from "./platform-arguments.json";

const { fields, types } = written as unknown as PlatformArguments;
const made = new Map<string, z.ZodType>();

/** The platform of an environment: each part that it has, with the arguments of its component. */
export const platform = mapping({
  chartMirror: z.string().min(1).exactOptional(),
  fullTypes: z.boolean().exactOptional(),
  certManager: z.boolean().exactOptional(),
  prometheus: z.boolean().exactOptional(),
  parts: mapping(optionalFields(fields)).exactOptional(),
});

/** Parts of a platform with their arguments. */
export type PlatformParts = Omit<MlPlatformArgs, "platform" | "pools" | "artifactStore">;

/**
 * Tells whether parts that were read in part still have all that their types require, by the parts' names: components count
 * on that.
 */
export function completeParts(parts: PlatformParts): (keyof PlatformParts)[] {
  return (Object.keys(parts) as (keyof PlatformParts)[]).filter((part) => isComplete(fields[part], parts[part]));
}

function isComplete(type: ArgumentType | undefined, value: unknown): boolean {
  if (type === undefined || typeof type === "string") return value !== undefined;
  if ("list" in type) return Array.isArray(value) && value.every((element) => isComplete(type.list, element));
  if (typeof value !== "object" || value === null) return "type" in type && "values" in types[type.type]!;
  if ("map" in type) return Object.values(value).every((element) => isComplete(type.map, element));
  const named = types[type.type]!;
  if ("values" in named) return false;
  const given = Object.entries(value).every(([key, inner]) => isComplete(named.fields[key], inner));
  return given && named.required.every((key) => Object.hasOwn(value, key));
}

function optionalFields(of: Record<string, ArgumentType>, required: string[] = []) {
  const entries = Object.entries(of).map(([name, type]) => {
    const schema = schemaOf(type);
    return [name, required.includes(name) ? schema : schema.exactOptional()] as const;
  });
  return Object.fromEntries(entries);
}

function schemaOf(type: ArgumentType): z.ZodType {
  if (typeof type === "string") return plain[type];
  if ("list" in type) return z.array(schemaOf(type.list));
  if ("map" in type) return z.record(z.string(), schemaOf(type.map), { error: "a mapping" });
  return z.lazy(() => named(type.type));
}

const plain = {
  string: z.string(),
  number: z.number({ error: "a number" }),
  integer: z.number({ error: "a number" }),
  boolean: z.boolean(),
  any: z.unknown(),
} satisfies Record<Extract<ArgumentType, string>, z.ZodType>;

function named(name: string): z.ZodType {
  const known = made.get(name);
  if (known !== undefined) return known;
  const schema = schemaOfNamed(types[name]!);
  made.set(name, schema);
  return schema;
}

function schemaOfNamed(type: NamedType): z.ZodType {
  return "values" in type ? z.enum(type.values) : mapping(optionalFields(type.fields, type.required));
}
