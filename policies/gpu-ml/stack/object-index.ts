import { childAt, isUnknown, UNKNOWN, type Tree, type Unknown } from "../../../components/model";
import type { Subject } from "../../engine/subject";
import { textOf } from "./text-of";

/** Objects of one kind, to be found by their names. */
export interface ObjectIndex {
  /** How many there are. */
  size: number;
  /** The object of a name; unknown where it may be one that is not wholly known yet; undefined where there is none. */
  find(namespace: Tree, name: Tree): Subject | Unknown | undefined;
  /** Whether any of the objects is in a namespace, or may be. */
  isIn(namespace: Tree): boolean;
}

/** Namespace of objects that are in none. */
export const CLUSTER = "";

/**
 * Indexes objects of one kind, so that each look-up costs the same however many there are. An object without a name gets
 * one when it is made, which is not known yet.
 *
 * @param isNamespaced whether objects of the kind are in namespaces; where they say none, in `default`.
 */
export function objectIndexOf(subjects: readonly Subject[], isNamespaced: boolean): ObjectIndex {
  const exact = new Map<string, Subject>();
  const [namespaces, names] = [new Set<Tree>(), new Set<Tree>()];
  const [namespacesOfUnnamed, namesOfHomeless] = [new Set<Tree>(), new Set<Tree>()];
  for (const subject of subjects) {
    const namespace: Tree = isNamespaced ? namespaceOf(subject) : CLUSTER;
    const name: Tree = nameOf(subject);
    namespaces.add(namespace);
    names.add(name);
    if (isUnknown(namespace)) namesOfHomeless.add(name);
    if (isUnknown(name)) namespacesOfUnnamed.add(namespace);
    if (!isUnknown(namespace) && !isUnknown(name)) exact.set(`${textOf(namespace)}/${textOf(name)}`, subject);
  }
  const isIn = (namespace: Tree) =>
    isUnknown(namespace) ? subjects.length > 0 : namespaces.has(namespace) || namespaces.has(UNKNOWN);
  const mayBeThere = (namespace: Tree, name: Tree) => {
    if (isUnknown(name)) return isIn(namespace);
    if (isUnknown(namespace)) return names.has(name) || names.has(UNKNOWN);
    return hasOrUnknown(namespacesOfUnnamed, namespace) || hasOrUnknown(namesOfHomeless, name);
  };
  return {
    size: subjects.length,
    isIn,
    find: (namespace, name) =>
      exact.get(`${textOf(namespace)}/${textOf(name)}`) ?? (mayBeThere(namespace, name) ? UNKNOWN : undefined),
  };
}

/** The namespace of a Kubernetes object, which is `default` where it names none. */
export function namespaceOf(subject: Subject): string | Unknown {
  const namespace = childAt(childAt(subject.tree, "metadata"), "namespace");
  if (isUnknown(namespace)) return UNKNOWN;
  return typeof namespace === "string" && namespace !== "" ? namespace : "default";
}

/** The name of a Kubernetes object; unknown where it names none, as it gets one when it is made. */
export function nameOf(subject: Subject): string | Unknown {
  const name = childAt(childAt(subject.tree, "metadata"), "name");
  return typeof name === "string" && name !== "" ? name : UNKNOWN;
}

function hasOrUnknown(set: ReadonlySet<Tree>, value: Tree): boolean {
  return set.has(value) || set.has(UNKNOWN);
}
