/** Type of a value in the configuration of a platform. */
export type ArgumentType =
  | "string"
  | "number"
  | "integer"
  | "boolean"
  | "any"
  | { list: ArgumentType }
  | { map: ArgumentType }
  | { type: string };

/** A type that has a name: one of some texts, or a mapping of fields. */
export type NamedType = { values: string[] } | { fields: Record<string, ArgumentType>; required: string[] };

/** What the configuration of a platform may hold; the tests write it from the components' own types. */
export interface PlatformArguments {
  fields: Record<string, ArgumentType>;
  types: Record<string, NamedType>;
}
