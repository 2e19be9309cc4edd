/** Mark that the engine puts in place of a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A mapping of properties, as the engine hands it over. */
export type Properties = Record<string, unknown>;

/** Tells whether a value is a mapping of properties, not a list and not missing. */
export function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Tells whether a value, or anything inside it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (isProperties(value)) return isOpaque(value) || Object.values(value).some(hasUnknown);
  return value === UNKNOWN;
}

/** Tells whether a value can not be looked into: unknown, or an output, promise or resource of the Pulumi SDK. */
export function isOpaque(value: unknown): boolean {
  if (value === UNKNOWN || value instanceof Promise) return true;
  return isProperties(value) && ("__pulumiOutput" in value || "__pulumiResource" in value);
}

/** Value under a dotted path of mappings; undefined where there is none. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => (isProperties(inner) ? inner[key] : undefined), value);
}
