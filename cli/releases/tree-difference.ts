import { isTreeObject, type Tree, type TreeObject } from "../../components/model";

/**
 * What has to be put over a tree to make it another one: `null` where it has something that the other lacks. Outputs of a
 * resource repeat its inputs, and are recorded as what they have beside them.
 */
export function differenceOf(tree: Tree, other: Tree): Tree {
  if (!isTreeObject(tree) || !isTreeObject(other)) return other;
  const gone = Object.keys(tree).filter((key) => other[key] === undefined || other[key] === null);
  const changed = Object.entries(other).flatMap(([key, value]): [string, Tree][] => {
    if (value === null || JSON.stringify(tree[key]) === JSON.stringify(value)) return [];
    const own = tree[key];
    return [[key, own === undefined ? value : differenceOf(own, value)]];
  });
  return Object.fromEntries([...changed, ...gone.map((key): [string, Tree] => [key, null])]);
}

/** The other tree of {@link differenceOf}. */
export function withDifference(tree: Tree, difference: Tree): Tree {
  if (!isTreeObject(tree) || !isTreeObject(difference)) return difference;
  const merged: TreeObject = { ...tree };
  for (const [key, value] of Object.entries(difference)) {
    const own = tree[key];
    if (value === null) delete merged[key];
    else merged[key] = own === undefined ? value : withDifference(own, value);
  }
  return merged;
}
