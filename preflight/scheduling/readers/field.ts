import { childAt, isTreeObject, isUnknown, UNKNOWN, type Tree, type Unknown } from "../../../components/model";

/** A place inside a pod template while it is read. */
export interface Field {
  readonly value: Tree;
  /** Path from the root of the template, for example `spec.nodeSelector["mlstack.dev/pool"]`. */
  readonly path: string;
  /** Paths of what was wanted and is not known yet; all fields of a template share them. */
  readonly unknownPaths: Set<string>;
  /** Why some of these cannot be read although they are known, by path; nobody asks where it is absent. */
  readonly faults?: Map<string, string>;
}

/** A field inside another one, whose path is put together when it is asked for: of most fields nobody does. */
class InnerField implements Field {
  readonly unknownPaths: Set<string>;
  readonly faults?: Map<string, string>;

  constructor(
    private readonly parent: Field,
    private readonly key: string | number,
    readonly value: Tree,
  ) {
    this.unknownPaths = parent.unknownPaths;
    if (parent.faults !== undefined) this.faults = parent.faults;
  }

  get path(): string {
    const { path } = this.parent;
    if (typeof this.key === "number") return `${path}[${this.key}]`;
    if (path === "") return this.key;
    return PLAIN_KEY.test(this.key) ? `${path}.${this.key}` : `${path}[${JSON.stringify(this.key)}]`;
  }
}

/** Part of what is read, or the marker where some of what it needs is not known. */
export type Known<T> = T | Unknown;

const PLAIN_KEY = /^[A-Za-z_]\w*$/;

/** The field below a key; what is below an unknown field is that field itself, which is then reported as unknown. */
export function at(field: Field, ...keys: string[]): Field {
  let inner = field;
  for (const key of keys) {
    if (isUnknown(inner.value)) return inner;
    inner = new InnerField(inner, key, childAt(inner.value, key));
  }
  return inner;
}

/** Whether a field is not known yet; it is noted then. */
export function isMissing(field: Field): boolean {
  if (!isUnknown(field.value)) return false;
  note(field);
  return true;
}

/** Notes a field as one that is not known, or cannot be read for some reason: `"much" is no quantity`. */
export function note(field: Field, fault?: string): void {
  field.unknownPaths.add(field.path);
  if (fault !== undefined) field.faults?.set(field.path, fault);
}

/** The fields of an array; none where there is no array, or it is not known, which is noted. */
export function itemsOf(field: Field): Field[] {
  if (isMissing(field) || !Array.isArray(field.value)) return [];
  return field.value.map((value, index) => new InnerField(field, index, value));
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
