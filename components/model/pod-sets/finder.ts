import { childAt, isTreeObject, nodeAt, objectAt, stringAt, type Tree, type TreeObject } from "../tree";
import { isUnknown } from "../unknown";
import type { Others } from "./others";
import { joinPaths, type PodSet, type PodTemplate } from "./pod-set";
import { product, type PodSetSize } from "./sizes";

/** What a finder may use beside its object. */
export interface Search {
  /** Finds the pods of an object that lies inside another one. */
  inside: (object: Tree) => PodSet[];
  /** Objects that the searched one may name. */
  others: Others;
}

/** Finds the pods of objects of one kind. */
export type PodFinder = (object: Tree, search: Search) => PodSet[];

/** Where a kind keeps a pod template, and how many pods it makes of it. */
export interface PodPlace {
  /**
   * Path of the object that tells how many pods there are, from the object's root; empty for the root. `[]` stands for
   * every item of a list, `*` for every key of a map.
   */
  owner: string;
  /** Path of the pod template from the owner; empty where the owner is one itself. */
  template: string;
  /** What the template is written as: `template` has metadata and spec, `spec` is the pod's spec itself. */
  form?: "template" | "spec";
  /** Reads the size from the owner, which in a map or list may have a name. */
  size: (owner: Tree, name: string | undefined) => PodSetSize;
  /** What the pods do; where absent, the key of the owner in a map, or its name in a list. */
  role?: string;
  /** Whether the sets of all places of the object need each other. */
  gang?: boolean | ((owner: Tree) => boolean);
}

/** One node of a tree with its path from the root. */
export interface Spot {
  /** For example `spec.replicatedJobs[0]`. */
  path: string;
  /** What is there; unknown where something above it is. */
  node: Tree;
  /** What the node is called: its key in a map, its name in a list. */
  name: string | undefined;
  /** The path ends at a list or map that is not known yet, above the node. */
  isCut?: true;
}

/** A finder for kinds whose pods are described at fixed places. */
export function podsAt(...places: PodPlace[]): PodFinder {
  return (object) => podSetsAt(object, places);
}

/** The pod sets that are described at some places of an object. */
export function podSetsAt(object: Tree, places: PodPlace[]): PodSet[] {
  return places.flatMap((place) => spotsAt(object, place.owner).flatMap((owner) => podSetAt(owner, place)));
}

/** Every node that a path with `[]` and `*` stands for; where a list or map is unknown, that itself. */
export function spotsAt(root: Tree, path: string): Spot[] {
  const steps = path === "" ? [] : path.replaceAll("[]", ".[]").split(".");
  return steps.reduce<Spot[]>(
    (spots, step) => spots.flatMap((spot) => stepInto(spot, step)),
    [{ path: "", node: root, name: undefined }],
  );
}

/** The metadata and spec of a pod template, empty where they are absent or unknown. */
export function templateOf(node: Tree): PodTemplate {
  return { metadata: objectAt(node, "metadata") ?? {}, spec: objectAt(node, "spec") ?? {} };
}

/** The pod set as it is seen from an object that holds its object at a path. */
export function moved(podSet: PodSet, path: string): PodSet {
  return relocated(podSet, (place) => joinPaths(path, place));
}

/** The pod set with all that it says of places put otherwise. */
export function relocated(podSet: PodSet, change: (place: string) => string): PodSet {
  const { path, gang, completedBy, places } = podSet;
  const changed = Object.entries(places ?? {}).map(([field, place]): [string, string] => [field, change(place)]);
  return {
    ...podSet,
    path: change(path),
    ...(gang === undefined ? {} : { gang: change(gang) }),
    ...(completedBy === undefined ? {} : { completedBy: change(completedBy) }),
    ...(places === undefined ? {} : { places: Object.fromEntries(changed) }),
  };
}

/** The pod set where its object is there so many times at once; what must run together is as much as before. */
export function multiplied(podSet: PodSet, times: number | undefined): PodSet {
  return { ...podSet, count: product(podSet.count, times) };
}

/** The pod set of a place at which something will be that is not known yet. */
export function unknownPods(path: string): PodSet {
  return { path, count: undefined, minCount: 1, template: { metadata: {}, spec: {} }, isUnknown: true };
}

/** The pod set of a field that names an object which is not at hand: what it adds is not known, not even whether pods. */
export function podsElsewhere(field: string): PodSet {
  return { ...unknownPods(`${field}#`), completedBy: field };
}

/** `{ key: value }`, or nothing where the value is undefined: for properties that are absent rather than undefined. */
export function given<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);
}

/** An object without some of its fields. */
export function without(object: TreeObject, fields: readonly string[]): TreeObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

function podSetAt(owner: Spot, place: PodPlace): PodSet[] {
  const template = nodeAt(owner.node, place.template);
  if (!isTreeObject(template) && !isUnknown(template)) return [];
  const path = owner.isCut ? owner.path : joinPaths(owner.path, place.template);
  const isSpec = place.form === "spec";
  const spec = isSpec ? template : childAt(template, "spec");
  const isGang = typeof place.gang === "function" ? place.gang(owner.node) : place.gang === true;
  return [
    {
      path,
      ...given("role", place.role ?? owner.name),
      ...place.size(owner.node, owner.name),
      ...(isGang ? { gang: gangOf(place.owner) } : {}),
      template: isSpec ? { metadata: {}, spec: isTreeObject(template) ? template : {} } : templateOf(template),
      ...(isSpec ? { places: { spec: path } } : {}),
      ...(isUnknown(spec) ? { isUnknown: true as const } : {}),
    },
  ];
}

/** The owners of a gang share what is above the first list or map, for example `spec` of `spec.replicatedJobs[]`. */
function gangOf(owner: string): string {
  return owner.replace(/\.?[^.]*(\[\]|\.\*).*$/, "");
}

function stepInto(spot: Spot, step: string): Spot[] {
  const { path, node, name } = spot;
  if (spot.isCut) return [spot];
  if (step !== "[]" && step !== "*") return [{ path: joinPaths(path, step), node: childAt(node, step), name }];
  if (isUnknown(node)) return [{ path, node, name: undefined, isCut: true }];
  if (step === "*") {
    return Object.entries(isTreeObject(node) ? node : {}).map(([key, value]) => ({
      path: joinPaths(path, key),
      node: value,
      name: key,
    }));
  }
  return (Array.isArray(node) ? node : []).map((item, index) => ({
    path: `${path}[${index}]`,
    node: item,
    name: stringAt(item, "name"),
  }));
}
