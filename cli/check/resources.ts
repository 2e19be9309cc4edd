import { childAt, isTreeObject, stringAt, type Tree, type TreeObject } from "../../components/model";
import { writtenResourceOf } from "../../policies/engine/written-resource";
import type { CheckedDocument } from "./document";
import { resourcesOfState } from "./state";

/** A resource, and where in its document it is. */
export type FoundResource = Pick<CheckedDocument, "resource" | "root" | "isState">;

/** The resources in a document, and how many parts of it are none. */
export interface FoundResources {
  resources: FoundResource[];
  passedOver: number;
}

/** A part of a document, with the steps to it. */
interface Part {
  tree: Tree;
  root: FoundResource["root"];
}

/**
 * The resources that a document describes: one object, the items of a list of objects, as `kubectl get` prints it, or a
 * state of Pulumi.
 */
export function resourcesOf(document: Tree): FoundResources {
  const found: FoundResources = { resources: [], passedOver: 0 };
  // A stack of our own, as lists may be nested deeper than calls can be.
  const rest: Part[] = [{ tree: document, root: [] }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { tree, root } = next;
    const parts = partsOf(tree);
    if (parts !== undefined) {
      const ways = parts.items.map((item, index): Part => ({ tree: item, root: [...root, ...parts.way, index] }));
      rest.push(...ways.toReversed());
      if (parts.items.length === 0) found.passedOver += 1;
      continue;
    }
    const resources = resourcesAt(tree, root);
    found.resources.push(...resources);
    if (resources.length === 0) found.passedOver += 1;
  }
  return found;
}

function resourcesAt(tree: Tree, root: FoundResource["root"]): FoundResource[] {
  const resource = writtenResourceOf(tree);
  if (resource === undefined) {
    return resourcesOfState(tree).map((state) => ({ ...state, root: [...root, ...state.root], isState: true }));
  }
  return [{ resource, root: resource.properties === tree ? root : [...root, "properties"] }];
}

/** The documents that stand in a list, with the way to that; undefined for what is none. */
function partsOf(tree: Tree): { items: Tree[]; way: string[] } | undefined {
  if (Array.isArray(tree)) return { items: tree, way: [] };
  const [apiVersion, kind] = [stringAt(tree, "apiVersion"), stringAt(tree, "kind")];
  if (!isTreeObject(tree) || apiVersion === undefined || !kind?.endsWith("List")) return undefined;
  const items = childAt(tree, "items");
  if (!Object.hasOwn(tree, "items") || !(items === null || Array.isArray(items))) return undefined;
  const itemKind = kind.slice(0, -"List".length);
  const complete = (item: Tree) => (itemKind === "" ? item : withKind(item, apiVersion, itemKind));
  return { items: (items ?? []).map(complete), way: ["items"] };
}

/** Typed lists, such as a `JobList`, may tell once what their items are. */
function withKind(item: Tree, apiVersion: string, kind: string): Tree {
  if (!isTreeObject(item)) return item;
  const known: TreeObject = { apiVersion, kind };
  const missing = Object.entries(known).filter(([key]) => childAt(item, key) === undefined);
  return missing.length === 0 ? item : { ...item, ...Object.fromEntries(missing) };
}
