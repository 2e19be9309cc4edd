import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { textOf } from "./known";

/** Digits of a fingerprint; 40 bits tell any number of versions apart that one service ever has. */
export const FINGERPRINT_DIGITS = 10;

/** A short text that is another one for other content; known at once where the content is. */
export function fingerprint(content: object): pulumi.Input<string> {
  return textOf(content, digest);
}

function digest(content: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(content)))
    .digest("hex")
    .slice(0, FINGERPRINT_DIGITS);
}

/** Two objects with the same properties in another order are the same. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
