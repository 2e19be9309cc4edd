import { isTreeObject, stringAt, type Tree, type TreeObject } from "../../../components/model";

/** Names and values of lists such as the `env` of a container, with where they stand. */
export function namedValuesIn(
  list: Tree,
  path: string,
): { path: string; name: string; value: Tree; entry: TreeObject }[] {
  const items = Array.isArray(list) ? list : [];
  return items.flatMap((entry, index) => {
    if (!isTreeObject(entry)) return [];
    const name = stringAt(entry, "name");
    if (name === undefined) return [];
    return [{ path: `${path}[${index}].value`, name, value: entry["value"], entry }];
  });
}
