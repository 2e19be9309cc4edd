import type { ArgumentType, PlatformArguments } from "../../stacks/config/platform-types";

/** A property or type as Pulumi's analyser tells it, as far as it is read here. */
interface SchemaType {
  type?: string;
  $ref?: string;
  items?: SchemaType;
  additionalProperties?: SchemaType;
  properties?: Record<string, SchemaType>;
  required?: string[];
  enum?: { value: string }[];
}

/** A package as Pulumi's analyser tells it, as far as it is read here. */
export interface PackageSchema {
  resources: Record<string, { inputProperties: Record<string, SchemaType> }>;
  types: Record<string, SchemaType>;
}

/** Arguments of a platform that the program gives itself, whatever the configuration says. */
const given = ["pools", "artifactStore", "platform"];
/** The same in the arguments of parts. */
const givenInParts = ["platform"];

/** What the configuration of a platform may hold: the arguments of its parts, by names of types. */
export function platformArguments({ resources, types }: PackageSchema): PlatformArguments {
  const found: PlatformArguments["types"] = {};
  const typeOf = (schema: SchemaType): ArgumentType => {
    if (schema.$ref !== undefined) return referenced(schema.$ref);
    if (schema.items !== undefined) return { list: typeOf(schema.items) };
    if (schema.additionalProperties !== undefined) return { map: typeOf(schema.additionalProperties) };
    return schema.type === "object" ? { map: "any" } : (schema.type as ArgumentType);
  };
  const referenced = (reference: string): ArgumentType => {
    if (!reference.startsWith("#/types/")) return "any";
    const token = reference.slice("#/types/".length);
    const name = token.split(":").at(-1)!;
    const type = types[token]!;
    if (found[name] === undefined) {
      found[name] = { fields: {}, required: [] };
      found[name] =
        type.enum === undefined
          ? { fields: fieldsOf(type.properties ?? {}, givenInParts), required: type.required ?? [] }
          : { values: type.enum.map(({ value }) => value) };
    }
    return { type: name };
  };
  const fieldsOf = (properties: Record<string, SchemaType>, without: string[]) => {
    const entries = Object.entries(properties).filter(([name]) => !without.includes(name));
    return Object.fromEntries(entries.map(([name, schema]) => [name, typeOf(schema)]));
  };
  const fields = fieldsOf(resources["mlstack:index:MlPlatform"]!.inputProperties, given);
  return { fields, types: found };
}
