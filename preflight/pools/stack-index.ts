import { arrayAt, childAt, isTreeObject, stringAt, type TreeObject } from "../../components/model";
import type { PlannedResource } from "../planned-resource";

/** The resources of a stack, and the ways to find some of them again. */
export interface StackIndex {
  resources: readonly PlannedResource[];
  byUrn: ReadonlyMap<string, PlannedResource>;
  /** Kubernetes objects by group, kind, namespace and name, as {@link objectKey} puts them together. */
  objects: ReadonlyMap<string, PlannedResource>;
}

/**
 * Collects what others look up in a stack. Where two resources have one name, the first counts; the items of lists are
 * objects of their own.
 */
export function stackIndexOf(given: readonly PlannedResource[]): StackIndex {
  const resources = given.flatMap(withItems);
  const byUrn = new Map<string, PlannedResource>();
  const objects = new Map<string, PlannedResource>();
  for (const resource of resources) {
    if (!byUrn.has(resource.urn)) byUrn.set(resource.urn, resource);
    const key = keyOf(resource);
    if (key !== undefined && !objects.has(key)) objects.set(key, resource);
  }
  return { resources, byUrn, objects };
}

/** Items that do not name their kind take it from their typed list, as kubectl reads them. */
function withItems(resource: PlannedResource): PlannedResource[] {
  const { properties, type } = resource;
  const kind = stringAt(properties, "kind") ?? "";
  if (!type.startsWith("kubernetes:") || !kind.endsWith("List")) return [resource];
  const typed: TreeObject = { apiVersion: properties["apiVersion"], kind: kind.slice(0, -"List".length) };
  const items = arrayAt(properties, "items").filter(isTreeObject);
  return items.map((item) => ({ ...resource, properties: { ...typed, ...item } }));
}

/** The object of some kind and name; the core group is empty, and so is the namespace of what has none. */
export function findObject(
  stack: StackIndex,
  group: string,
  kind: string,
  namespace: string,
  name: string,
): PlannedResource | undefined {
  return stack.objects.get(objectKey(group, kind, namespace, name));
}

/** API group and kind of a Kubernetes object, the group empty for the core; undefined for anything else. */
export function groupKindOf({ type, properties }: PlannedResource): { group: string; kind: string } | undefined {
  const [apiVersion, kind] = [stringAt(properties, "apiVersion"), stringAt(properties, "kind")];
  if (!type.startsWith("kubernetes:") || apiVersion === undefined || kind === undefined) return undefined;
  return { group: apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "", kind };
}

/** Whether a resource is a Kubernetes object of some group and kind. */
export function isObject(resource: PlannedResource, group: string, kind: string): boolean {
  const named = groupKindOf(resource);
  return named !== undefined && named.group === group && named.kind === kind;
}

/** Name of an object; undefined where it is not known, or made up by the API server. */
export function objectName({ properties }: PlannedResource): string | undefined {
  return stringAt(childAt(properties, "metadata"), "name");
}

/** Namespace of an object, that of the default where it names none; undefined where it is not known. */
export function objectNamespace({ properties }: PlannedResource): string | undefined {
  const namespace = childAt(childAt(properties, "metadata"), "namespace") ?? "default";
  return typeof namespace === "string" ? namespace : undefined;
}

/** Kinds without a namespace that are looked up here. */
const CLUSTER_KINDS = new Set(
  "Namespace Node PersistentVolume StorageClass RuntimeClass PriorityClass ClusterQueue Cohort ResourceFlavor EC2NodeClass NodeClass NodePool".split(
    " ",
  ),
);

function keyOf(resource: PlannedResource): string | undefined {
  const named = groupKindOf(resource);
  const name = objectName(resource);
  if (named === undefined || name === undefined) return undefined;
  const namespace = CLUSTER_KINDS.has(named.kind) ? "" : objectNamespace(resource);
  return namespace === undefined ? undefined : objectKey(named.group, named.kind, namespace, name);
}

function objectKey(group: string, kind: string, namespace: string, name: string): string {
  return `${group}/${kind}/${namespace}/${name}`;
}
