import { childAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../tree";

/** Objects that a searched one may name. */
export interface Others {
  /**
   * The object of a kind that has a name.
   *
   * @param kind group and kind, for example `batch/Job`; the core group is empty.
   * @param name nothing has a name that is not known yet.
   * @param namespace where the object is looked for; left out for kinds of the whole cluster. It counts only where both
   * are known, as what a program creates in its default namespace names none.
   */
  named(kind: string, name: Tree, namespace?: string): TreeObject | undefined;
  /** All objects of a kind that may be in a namespace, in the order in which they are given. */
  all(kind: string, namespace?: string): readonly TreeObject[];
}

/** The objects of one kind: in their order, and by name and then by namespace, which is empty where it is not known. */
interface OfKind {
  all: TreeObject[];
  byName: Map<string, Map<string, TreeObject>>;
}

/** The index of a list of objects as it was when it had so many. */
interface Index {
  length: number;
  others: Others;
}

/** A stack's objects are all searched beside the same list, which is read once. */
const INDEXES = new WeakMap<readonly Tree[], Index>();

/** The objects of a list by what others name them by. */
export function othersOf(objects: readonly Tree[]): Others {
  const known = INDEXES.get(objects);
  if (known?.length === objects.length) return known.others;
  const others = indexed(objects);
  INDEXES.set(objects, { length: objects.length, others });
  return others;
}

/** The namespace that an object names; undefined where that is not known or there is none. */
export function namespaceOf(object: Tree): string | undefined {
  return stringAt(childAt(object, "metadata"), "namespace");
}

/** The API group of an object; the core group is empty. */
export function groupOf(object: Tree): string {
  const apiVersion = stringAt(object, "apiVersion") ?? "";
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

function indexed(objects: readonly Tree[]): Others {
  let kinds: Map<string, OfKind> | undefined;
  const ofKind = (kind: string) => (kinds ??= kindsOf(objects)).get(kind);
  return {
    named: (kind, name, namespace) => {
      const places = typeof name === "string" ? ofKind(kind)?.byName.get(name) : undefined;
      if (places === undefined) return undefined;
      if (namespace === undefined) return [...places.values()][0];
      return places.get(namespace) ?? places.get("");
    },
    all: (kind, namespace) =>
      (ofKind(kind)?.all ?? []).filter((object) => {
        const theirs = namespaceOf(object);
        return namespace === undefined || theirs === undefined || theirs === namespace;
      }),
  };
}

function kindsOf(objects: readonly Tree[]): Map<string, OfKind> {
  const kinds = new Map<string, OfKind>();
  for (const object of objects) {
    const kind = stringAt(object, "kind");
    if (!isTreeObject(object) || kind === undefined) continue;
    const key = `${groupOf(object)}/${kind}`;
    const known: OfKind = kinds.get(key) ?? { all: [], byName: new Map() };
    kinds.set(key, known);
    known.all.push(object);
    const name = stringAt(objectAt(object, "metadata"), "name");
    if (name === undefined) continue;
    const places = known.byName.get(name) ?? new Map<string, TreeObject>();
    known.byName.set(name, places);
    const namespace = namespaceOf(object) ?? "";
    if (!places.has(namespace)) places.set(namespace, object);
  }
  return kinds;
}
