import type { Tree } from "../../components/model";

/** How messages show a field: what it holds or, where it is absent, what AWS takes instead. */
export function describeLeaf(leaf: Tree, meaningOfAbsence: string): string {
  if (leaf === undefined || leaf === null) return `absent, which means ${meaningOfAbsence}`;
  return typeof leaf === "object" ? "no single value" : JSON.stringify(leaf);
}

/** Tells whether a field holds one of some texts. */
export function isAnyText(leaf: Tree, texts: string[]): boolean {
  return typeof leaf === "string" && texts.includes(leaf);
}
