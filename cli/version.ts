import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutRoot } from "../rehearsal/checkout";

/** Version of mlstack, as its package says it. */
export function versionOfThis(): string {
  const manifest = JSON.parse(readFileSync(join(checkoutRoot(), "package.json"), "utf8")) as { version: string };
  return manifest.version;
}
