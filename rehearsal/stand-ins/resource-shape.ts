/** What a value may be, as far as a provider's SDK declares it. */
export type TypeShape =
  | { kind: "string" | "number" | "boolean" | "any" }
  | { kind: "literal"; value: string }
  | { kind: "list"; items: TypeShape }
  | { kind: "map"; values: TypeShape }
  | { kind: "object"; object: string }
  | { kind: "either"; options: TypeShape[] };

/** One property of a resource, or of an object inside it. */
export interface Field {
  type: TypeShape;
  required: boolean;
  /** Whether its documentation says that a change of it replaces the resource. */
  replaces?: true;
  /** Whether its documentation says that the provider makes up a unique name where none is given. */
  autoNamed?: true;
}

/** Properties by name. */
export type Fields = Record<string, Field>;

/** What a resource takes and yields. It is plain data, so that it can be cached. */
export interface ResourceShape {
  inputs: Fields;
  outputs: Fields;
  /** The named objects that types refer to; several levels deep, and in circles. */
  objects: Record<string, Fields>;
}
