import { childAt, isTreeObject, isUnknown, UNKNOWN, type Tree, type Unknown } from "../../../components/model";

/** A place inside a pod template while it is read. */
export interface Field {
  value: Tree;
  /** Path from the root of the template, for example `spec.nodeSelector["mlstack.dev/pool"]`. */
  path: string;
  /** Paths of what was wanted and is not known yet; all fields of a template share them. */
  unknownPaths: Set<string>;
}

/** Part of what is read, or the marker where some of what it needs is not known. */
export type Known<T> = T | Unknown;

const PLAIN_KEY = /^[A-Za-z_]\w*$/;

/** The field below a key; what is below an unknown field is that field itself, which is then reported as unknown. */
export function at(field: Field, ...keys: string[]): Field {
  return keys.reduce<Field>((parent, key) => {
    if (isUnknown(parent.value)) return parent;
    const step = PLAIN_KEY.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    return { ...parent, value: childAt(parent.value, key), path: parent.path === "" ? key : parent.path + step };
  }, field);
}

/** Whether a field is not known yet; it is noted then. */
export function isMissing(field: Field): boolean {
  if (!isUnknown(field.value)) return false;
  note(field);
  return true;
}

/** Notes a field as one that is not known, or cannot be read. */
export function note(field: Field): void {
  field.unknownPaths.add(field.path);
}

/** The fields of an array; none where there is no array, or it is not known, which is noted. */
export function itemsOf(field: Field): Field[] {
  if (isMissing(field) || !Array.isArray(field.value)) return [];
  return field.value.map((value, index) => ({ ...field, value, path: `${field.path}[${index}]` }));
}

/** The fields of an object by their keys, without those that are absent; like {@link itemsOf} where there is none. */
export function entriesOf(field: Field): [key: string, entry: Field][] {
  if (isMissing(field) || !isTreeObject(field.value)) return [];
  return Object.entries(field.value)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key]) => [key, at(field, key)]);
}

/** The text of a field; numbers and truth values are taken as they are written. */
export function textOf(field: Field): Known<string | undefined> {
  const { value } = field;
  if (isMissing(field)) return UNKNOWN;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" ? value : undefined;
}

/** The number of a field. */
export function numberOf(field: Field): Known<number | undefined> {
  if (isMissing(field)) return UNKNOWN;
  return Number.isFinite(field.value) ? (field.value as number) : undefined;
}

/** The texts of an array; unknown where any of them is. */
export function textsOf(field: Field): Known<string[]> {
  return isMissing(field) ? UNKNOWN : allKnown(itemsOf(field).map(textOf));
}

/** All parts but those that are absent, or the marker where any of them is unknown. */
export function allKnown<T>(parts: readonly Known<T | undefined>[]): Known<T[]> {
  const known: T[] = [];
  for (const part of parts) {
    if (isUnknown(part)) return UNKNOWN;
    if (part !== undefined) known.push(part);
  }
  return known;
}
