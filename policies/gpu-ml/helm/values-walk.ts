import { isTreeObject, type Tree, type TreeObject } from "../../../components/model";
import { pathBelow } from "../../engine/path";

/** A field inside a tree, with the object that holds it. */
export interface FieldAt {
  path: string;
  /** Its own key; that of the list for an item of one. */
  key: string;
  value: Tree;
  holder: TreeObject;
}

/** Every field of a tree with its path, those inside others after them. */
export function* fieldsIn(node: Tree, path: string): Iterable<FieldAt> {
  if (!isTreeObject(node)) return;
  for (const [key, value] of Object.entries(node))
    yield* fieldsAt({ path: pathBelow(path, key), key, value, holder: node });
}

function* fieldsAt(field: FieldAt): Iterable<FieldAt> {
  yield field;
  const { path, value } = field;
  if (!Array.isArray(value)) {
    yield* fieldsIn(value, path);
    return;
  }
  for (const [index, item] of value.entries()) {
    yield* fieldsAt({ ...field, path: `${path}[${index}]`, value: item });
  }
}
