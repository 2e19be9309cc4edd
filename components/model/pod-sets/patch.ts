import { arrayAt, isTreeObject, type Tree, type TreeObject } from "../tree";
import { isUnknown } from "../unknown";
import { joinKey, joinPaths } from "./pod-set";
import { DEEPEST_TREE } from "./text";

/**
 * Lists of which a patch changes the items with the same key; other lists it replaces.
 *
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/#podspec-v1-core "patch merge key"
 */
const POD_MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  ephemeralContainers: "name",
  volumes: "name",
  imagePullSecrets: "name",
  schedulingGates: "name",
  resourceClaims: "name",
  env: "name",
  volumeMounts: "mountPath",
  volumeDevices: "devicePath",
  ports: "containerPort",
  hostAliases: "ip",
  topologySpreadConstraints: "topologyKey",
};

/**
 * Applies a strategic merge patch as Kubernetes does: maps are merged, null removes, and lists are merged by their key or
 * replaced. What is unknown stays unknown.
 *
 * @param mergeKeys keys of further lists, by the name of the field.
 * @see https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function patched(base: Tree, patch: Tree, mergeKeys: Readonly<Record<string, string>> = {}): Tree {
  return merge(base, patch, "", { keys: { ...POD_MERGE_KEYS, ...mergeKeys }, depth: 0 });
}

/**
 * Where the fields of a pod's spec stand that a patch gives, by their path inside the template.
 *
 * @param base the spec before the patch.
 * @param whole the patched spec.
 * @param path where the patch stands.
 */
export function placesOfPatch(base: TreeObject, whole: TreeObject, patch: Tree, path: string): Record<string, string> {
  const places: Record<string, string> = {};
  for (const [field, value] of Object.entries(isTreeObject(patch) ? patch : {})) {
    if (!field.endsWith("ontainers")) {
      places[`spec.${field}`] = joinPaths(path, field);
      continue;
    }
    for (const [patchIndex, change] of (Array.isArray(value) ? value : []).entries()) {
      const index = indexOfItem(arrayAt(whole, field), change, "name");
      if (index === -1 || !isTreeObject(change)) continue;
      const at = `spec.${field}[${index}]`;
      const place = joinPaths(path, `${field}[${patchIndex}]`);
      if (indexOfItem(arrayAt(base, field), change, "name") === -1) places[at] = place;
      else for (const key of Object.keys(change)) places[`${at}.${key}`] = joinPaths(place, key);
    }
  }
  return places;
}

/** Where the two sides of a merge stand. */
export interface MergedFrom {
  base: string;
  patch: string;
}

/**
 * Where the fields of a merged object stand that the patch does not give, by their path below `at`; whatever has no entry
 * here stands in the patch.
 *
 * @param at the path of the merged object.
 * @param mergeKeys as in {@link patched}.
 */
export function placesOfMerge(
  base: Tree,
  patch: Tree,
  at: string,
  from: MergedFrom,
  mergeKeys: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const keys = { ...POD_MERGE_KEYS, ...mergeKeys };
  const places: Record<string, string> = {};
  const walk = (into: TreeObject, change: TreeObject, path: string, below: MergedFrom, depth: number) => {
    for (const [field, value] of Object.entries(into)) {
      const side = { base: joinKey(below.base, field), patch: joinKey(below.patch, field) };
      const changed = Object.hasOwn(change, field) ? change[field] : undefined;
      const place = joinKey(path, field);
      if (changed === undefined) places[place] = side.base;
      else if (depth <= DEEPEST_TREE && isTreeObject(value) && isTreeObject(changed)) {
        walk(value, changed, place, side, depth + 1);
      } else if (
        depth <= DEEPEST_TREE &&
        Array.isArray(value) &&
        Array.isArray(changed) &&
        Object.hasOwn(keys, field)
      ) {
        walkList(value, changed, keys[field]!, { path: place, ...side }, depth + 1);
      }
    }
  };
  const walkList = (into: Tree[], change: Tree[], key: string, list: MergedFrom & { path: string }, depth: number) => {
    const item = (path: string, index: number) => `${path}[${index}]`;
    const indexes = change.map((changed) => indexOfItem(into, changed, key));
    let appended = into.length;
    for (const [index, value] of into.entries()) {
      const changedAt = indexes.indexOf(index);
      places[item(list.path, index)] = item(
        changedAt === -1 ? list.base : list.patch,
        changedAt === -1 ? index : changedAt,
      );
      const changed = change[changedAt];
      if (!isTreeObject(value) || !isTreeObject(changed)) continue;
      const below = { base: item(list.base, index), patch: item(list.patch, changedAt) };
      walk(value, changed, item(list.path, index), below, depth);
    }
    for (const [index, found] of indexes.entries()) {
      if (found !== -1) continue;
      places[item(list.path, appended)] = item(list.patch, index);
      appended += 1;
    }
  };
  if (isTreeObject(base)) walk(base, isTreeObject(patch) ? patch : {}, at, from, 0);
  return places;
}

/** What goes along into the depth of a patch. */
interface Merge {
  keys: Readonly<Record<string, string>>;
  depth: number;
}

function merge(into: Tree, change: Tree, field: string, { keys, depth }: Merge): Tree {
  if (isUnknown(into) || depth > DEEPEST_TREE) return into;
  const deeper = { keys, depth: depth + 1 };
  if (Array.isArray(change)) return mergeLists(Array.isArray(into) ? into : [], change, field, deeper);
  return isTreeObject(change) ? mergeMaps(isTreeObject(into) ? into : {}, change, deeper) : change;
}

function mergeMaps(into: TreeObject, change: TreeObject, context: Merge): TreeObject {
  const { $patch: directive, ...fields } = change;
  if (directive === "delete") return {};
  const merged = new Map(directive === "replace" ? [] : Object.entries(into));
  for (const [field, value] of Object.entries(fields)) {
    if (value === null) merged.delete(field);
    else merged.set(field, merge(merged.get(field), value, field, context));
  }
  return Object.fromEntries(merged);
}

function mergeLists(into: Tree[], change: Tree[], field: string, context: Merge): Tree[] {
  const key = Object.hasOwn(context.keys, field) ? context.keys[field] : undefined;
  const isReplacement = (item: Tree) => isTreeObject(item) && item.$patch === "replace";
  if (key === undefined || change.some(isReplacement)) return change.filter((item) => !isReplacement(item));
  return change.reduce<Tree[]>((list, item) => {
    const index = indexOfItem(list, item, key);
    const isDeleted = isTreeObject(item) && item.$patch === "delete";
    if (index === -1) return isDeleted ? list : [...list, merge(undefined, item, "", context)];
    return isDeleted ? list.toSpliced(index, 1) : list.with(index, merge(list[index], item, "", context));
  }, into);
}

function indexOfItem(list: Tree[], item: Tree, key: string): number {
  if (!isTreeObject(item)) return -1;
  return list.findIndex((other) => isTreeObject(other) && other[key] !== undefined && other[key] === item[key]);
}
