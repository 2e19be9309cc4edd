import { arrayAt, isTreeObject, type TreeObject } from "../tree";

/** One group of equal pods inside any Kubernetes object. */
export interface PodSet {
  /**
   * Path of the pod template from the object's root, for example `spec.jobTemplate.spec.template`; empty for a Pod.
   *
   * Inside a `List` it begins with the item: `items[2].spec.template`. A `#` leads into what a field holds as text, or
   * into the other object that it names: `spec.templates[2].resource.manifest#spec.driver`, `spec.runtimeRef#spec`.
   * Where such text has several documents, the number of the document follows: `manifest#[1].spec.template`.
   * Where pods are not written as a pod template, this is the place from which they come, and {@link places} tells more.
   */
  path: string;
  /** What the pods do among the pods of the object, for example `Worker` or `driver`; absent where there is one set. */
  role?: string;
  /** Pods that may run at once; undefined where it is unknown or depends on the nodes (a DaemonSet). */
  count: number | undefined;
  /** Pods that must run together for any of them to be of use; 1 where each works alone. */
  minCount: number;
  /**
   * Names the sets of one object that need each other: `minCount` pods of every set of a gang must run at the same time.
   * Absent where a set does without the others.
   */
  gang?: string;
  /** Metadata and spec of the pods. */
  template: PodTemplate;
  /**
   * Where fields of the template really stand, from the object's root, by their path inside the template; fields below
   * one of these are below that place. Absent where the template is written as one.
   */
  places?: Readonly<Record<string, string>>;
  /**
   * Path of the field that stands for another object, from which the pods take what is absent here: so absence says
   * nothing. Where they run and what they ask for is then unknown rather than absent.
   */
  completedBy?: string;
  /** Nothing is known of these pods yet, not even whether there are any. */
  isUnknown?: true;
  /** The object's kind is not known here, and what looks like the spec of pods was taken for one. */
  isGuess?: true;
}

/** Metadata and spec of a pod, as far as they are known. */
export interface PodTemplate {
  /** Labels, annotations and name; empty where they are absent or unknown. */
  metadata: TreeObject;
  /** The pod's spec; empty where it is absent or unknown. */
  spec: TreeObject;
}

/** One container of a pod template, with the path from the object's root. */
export interface ContainerAt {
  /** For example `spec.template.spec.initContainers[1]`. */
  path: string;
  /** The container itself. */
  container: TreeObject;
  /** Where fields of the container stand that are not below its path, as in {@link PodSet.places}; mostly absent. */
  places?: Readonly<Record<string, string>>;
}

/** The containers of pod sets that were asked for before: many rules ask for those of one set. */
const CONTAINERS = new WeakMap<PodSet, ContainerAt[]>();

/**
 * Every container of a pod set: init containers first, then main ones, then ephemeral ones. Entries that are no
 * objects, or not known yet, are passed over.
 */
export function containersOf(podSet: PodSet): ContainerAt[] {
  const containers = CONTAINERS.get(podSet) ?? findContainers(podSet);
  CONTAINERS.set(podSet, containers);
  return containers;
}

function findContainers(podSet: PodSet): ContainerAt[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    arrayAt(podSet.template.spec, list).flatMap((container, index) =>
      isTreeObject(container) ? [containerAt(podSet, `spec.${list}[${index}]`, container)] : [],
    ),
  );
}

/** The path, from the object's root, of a field inside a pod set's template such as `spec.tolerations`. */
export function pathInPodSet(podSet: PodSet, field: string): string {
  return placeOf(field, podSet.places) ?? joinPaths(podSet.path, field);
}

/** The path, from the object's root, of a field inside a container such as `resources.limits["nvidia.com/gpu"]`. */
export function pathInContainer(at: ContainerAt, field: string): string {
  return placeOf(field, at.places) ?? joinPaths(at.path, field);
}

/** Puts paths one after another; empty ones leave no trace, and nothing stands between a `#` or `[` and its neighbour. */
export function joinPaths(...paths: string[]): string {
  let whole = "";
  for (const path of paths) {
    const isDirect = whole === "" || path === "" || whole.endsWith("#") || path.startsWith("[");
    whole = isDirect ? whole + path : `${whole}.${path}`;
  }
  return whole;
}

/** How a path goes on with the key of a map, in brackets where that is more than a plain name. */
export function joinKey(path: string, key: string): string {
  return joinPaths(path, /^[\w-]+$/.test(key) ? key : `[${JSON.stringify(key)}]`);
}

/** Where a path really stands, by the places of it or of the closest one above it; itself where none is known. */
export function placedAt(path: string, places: Readonly<Record<string, string>>): string {
  return placeOf(path, places) ?? path;
}

function containerAt(podSet: PodSet, field: string, container: TreeObject): ContainerAt {
  const inside = Object.entries(podSet.places ?? {}).flatMap(([key, place]) =>
    key.startsWith(`${field}.`) ? [[key.slice(field.length + 1), place] as const] : [],
  );
  const at = { path: pathInPodSet(podSet, field), container };
  return inside.length === 0 ? at : { ...at, places: Object.fromEntries(inside) };
}

/** The place of a field, or of the closest field above it that has one. */
function placeOf(field: string, places: Readonly<Record<string, string>> | undefined): string | undefined {
  if (places === undefined) return undefined;
  // Asked for each field of each container by each rule, so without a list of candidates.
  let closest: string | undefined;
  for (const key in places) {
    if (key.length > (closest?.length ?? -1) && isAbove(key, field)) closest = key;
  }
  if (closest === undefined) return undefined;
  const rest = field.slice(closest.length);
  // Text is read below the field that holds it.
  if (rest.startsWith("#")) return `${places[closest]}${rest}`;
  return joinPaths(places[closest] ?? "", rest.startsWith(".") ? rest.slice(1) : rest);
}

/** Whether a path is a field itself, or leads to it. */
function isAbove(path: string, field: string): boolean {
  if (!field.startsWith(path)) return false;
  const next = field[path.length];
  return next === undefined || next === "." || next === "[" || next === "#";
}
