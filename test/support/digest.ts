import { createHash } from "node:crypto";

/** Digest of a content as manifests of published models have it. */
export function digestOf(content: string | Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
