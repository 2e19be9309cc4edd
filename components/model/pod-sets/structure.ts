import { arrayAt, isTreeObject, stringAt, type Tree, type TreeObject } from "../tree";
import { moved, templateOf, type Search } from "./finder";
import { joinPaths, type PodSet } from "./pod-set";

/** Pod templates of real kinds lie at most about ten levels deep. */
const DEEPEST = 20;

/** Fields of an object in which no pods are described. */
const PASSED_OVER = ["apiVersion", "kind", "metadata", "status"];

/**
 * Finds what looks like the spec of pods in an object of a kind that nobody listed: a map with a list of containers. How
 * many pods there are is not known then. Whole objects inside are searched as what they are.
 */
export function podsByStructure(object: Tree, { inside }: Search): PodSet[] {
  if (!isTreeObject(object)) return [];
  const search = (node: Tree, path: string, parent: TreeObject, parentPath: string, depth: number): PodSet[] => {
    if (depth > DEEPEST) return [];
    if (Array.isArray(node)) {
      return node.flatMap((item, index) => search(item, `${path}[${index}]`, {}, "", depth + 1));
    }
    if (!isTreeObject(node)) return [];
    if (isPodSpec(node)) return [guess(node, path, parent, parentPath)];
    if (isWholeObject(node)) return inside(node).map((set) => moved(set, path));
    return children(node, [], path).flatMap(([child, at]) => search(child, at, node, path, depth + 1));
  };
  return children(object, PASSED_OVER, "").flatMap(([child, path]) => search(child, path, object, "", 1));
}

/** A spec beside metadata is that of a pod template. */
function guess(spec: TreeObject, path: string, parent: TreeObject, parentPath: string): PodSet {
  const isTemplate = parent.spec === spec && parentPath !== "";
  return {
    path: isTemplate ? parentPath : path,
    count: undefined,
    minCount: 1,
    template: isTemplate ? templateOf(parent) : { metadata: {}, spec },
    ...(isTemplate ? {} : { places: { spec: path } }),
    isGuess: true,
  };
}

function isPodSpec(node: TreeObject): boolean {
  return arrayAt(node, "containers").some(
    (container) => stringAt(container, "image") !== undefined || stringAt(container, "name") !== undefined,
  );
}

function isWholeObject(node: TreeObject): boolean {
  return stringAt(node, "apiVersion") !== undefined && stringAt(node, "kind") !== undefined;
}

function children(node: TreeObject, passedOver: string[], path: string): [child: Tree, path: string][] {
  return Object.entries(node)
    .filter(([key]) => !passedOver.includes(key))
    .map(([key, child]) => [child, joinPaths(path, key)]);
}
