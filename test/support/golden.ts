import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { stringify } from "yaml";

const folder = join(__dirname, "..", "golden");

/** Compares text with a committed file; `UPDATE_GOLDEN=1` writes the file instead. */
export function expectGolden(file: string, text: string): void {
  const path = join(folder, file);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, "utf8"));
}

/** Kubernetes objects as one YAML stream, the way `kubectl` reads it. */
export function toYaml(...objects: unknown[]): string {
  return objects.map((object) => stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 })).join("---\n");
}
