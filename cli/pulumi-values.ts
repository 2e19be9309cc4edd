import { isTreeObject, UNKNOWN, type Tree } from "../components/model";

/** Key and value that mark a secret in what Pulumi writes down. */
const SIGNATURE = { key: "4dabf18193072939515e22adb298388d", secret: "1b47061264138c4ac30d75fd1eb44270" };

/**
 * What stands for values that are not known in what Pulumi prints: one text for each type of value, and one for secrets.
 *
 * @see https://pkg.go.dev/github.com/pulumi/pulumi/sdk/v3@v3.259.0/go/common/resource/plugin `UnknownStringValue` and others
 */
const UNKNOWN_VALUES = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "[secret]",
]);

/** A tree as Pulumi printed or kept it, with markers where values are secret or not known yet. */
export function withMarkers(node: Tree): Tree {
  if (typeof node === "string") return UNKNOWN_VALUES.has(node) ? UNKNOWN : node;
  if (Array.isArray(node)) return node.map(withMarkers);
  if (!isTreeObject(node)) return node;
  if (node[SIGNATURE.key] === SIGNATURE.secret) return UNKNOWN;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withMarkers(value)]));
}
