import { createHash } from "node:crypto";

const DIGEST_LENGTH = 8;

/**
 * A name that is no longer than allowed: the text itself, or its beginning with a digest of the whole, so that texts which
 * differ have names which differ.
 *
 * @param text a DNS label, or several joined by hyphens.
 * @param longest from 10.
 */
export function shortName(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const digest = createHash("sha256").update(text).digest("hex").slice(0, DIGEST_LENGTH);
  return `${text.slice(0, longest - DIGEST_LENGTH - 1).replace(/-+$/, "")}-${digest}`;
}
