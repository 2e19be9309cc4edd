import type { Tree } from "../../../components/model";

/** What a leaf says as text; empty where it is no text. */
export function textOf(leaf: Tree): string {
  return typeof leaf === "string" ? leaf : "";
}
