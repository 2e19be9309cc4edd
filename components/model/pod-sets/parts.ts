import { objectAt, type Tree, type TreeObject } from "../tree";
import { UNKNOWN } from "../unknown";

/** A value with the place, from the object's root, that it comes from. */
export interface Placed {
  value: Tree;
  /** Absent where the value is made up, or its place follows from that of what it is in. */
  place?: string;
}

/** Some fields of a pod's spec, with the places of those that have their own. */
export interface PodPart {
  spec: TreeObject;
  /** By the path inside the template, as in a pod set. */
  places: Record<string, string>;
}

/** A part with single fields. */
export function fieldsPart(fields: readonly (readonly [field: string, value: Placed])[]): PodPart {
  return {
    spec: Object.fromEntries(fields.map(([field, { value }]) => [field, value])),
    places: placesOf(fields.map(([field, { place }]) => [`spec.${field}`, place])),
  };
}

/** A part with one list; none where it is empty. */
export function listPart(field: string, items: readonly Placed[]): PodPart {
  if (items.length === 0) return { spec: {}, places: {} };
  return {
    spec: { [field]: items.map(({ value }) => value) },
    places: placesOf(items.map(({ place }, index) => [`spec.${field}[${index}]`, place])),
  };
}

/** All parts as one; where several have a field, that of the last counts. */
export function joinedParts(...parts: PodPart[]): PodPart {
  return {
    spec: merged(parts.map(({ spec }) => spec)),
    places: Object.fromEntries(parts.flatMap(({ places }) => Object.entries(places))),
  };
}

/** Objects as one; where several have a key, that of the last counts. */
export function merged(objects: readonly (TreeObject | undefined)[]): TreeObject {
  return Object.fromEntries(objects.flatMap((object) => Object.entries(object ?? {})));
}

/** Labels and annotations from several sources; where several have one, that of the last counts. */
export function mergedMetadata(...sources: Tree[]): TreeObject {
  return Object.fromEntries(
    ["labels", "annotations"].flatMap((field) => {
      const values = sources.map((source) => objectAt(source, field)).filter((value) => value !== undefined);
      return values.length === 0 ? [] : [[field, merged(values)]];
    }),
  );
}

/** The fields of an object that are there, each under another name if need be. */
export function picked(object: Tree, fields: readonly (string | readonly [field: string, as: string])[]): TreeObject {
  const source = typeof object === "object" && object !== null && !Array.isArray(object) ? object : {};
  return Object.fromEntries(
    fields.flatMap((entry) => {
      const [field, as] = typeof entry === "string" ? [entry, entry] : entry;
      const value: Tree = Object.hasOwn(source, field) ? source[field] : undefined;
      return value === undefined || value === null ? [] : [[as, value] as const];
    }),
  );
}

/** An object without the fields that are null, which Kubernetes reads as absent. */
export function present(object: TreeObject): TreeObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

/** Fields of which absence in a pod's spec says something, in every pod that is looked at. */
const SCHEDULING = ["tolerations", "nodeSelector", "affinity"];

/** A pod's spec of which another object gives the rest: it may say where the pods run. */
export function completedElsewhere(spec: TreeObject): TreeObject {
  return merged([Object.fromEntries(SCHEDULING.map((field) => [field, UNKNOWN])), spec]);
}

function placesOf(entries: readonly (readonly [field: string, place: string | undefined])[]): Record<string, string> {
  return Object.fromEntries(
    entries.flatMap(([field, place]) => (place === undefined ? [] : [[field, place] as const])),
  );
}
