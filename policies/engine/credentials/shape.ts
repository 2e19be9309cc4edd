/** Shapes that only credentials have, wherever they stand: their issuers choose them so that they are found. */
const SHAPES = [
  ["AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["GitHub token", /\bgh[pousr]_[0-9A-Za-z]{36,}|\bgithub_pat_\w{22,}/],
  ["GitLab token", /\bglpat-[\w-]{20,}/],
  ["Hugging Face token", /\bhf_[0-9A-Za-z]{30,}/],
  ["Slack token", /\bxox[abeoprs]-[0-9A-Za-z-]{10,}|\bhooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/],
  ["NVIDIA key", /\bnvapi-[\w-]{20,}/],
  ["API key", /\bsk-[\w-]{20,}|\bAIza[\w-]{35}/],
  // The bound keeps the time to search linear in the length of the text.
  ["web token", /\beyJ[\w-]{10,500}\.eyJ[\w-]{10}/],
  ["private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/],
] as const;

/** What a text is found to be by its shape. */
export type Shape = (typeof SHAPES)[number][0];

/** A part of a text that has the shape of a credential. */
export interface Shaped {
  shape: Shape;
  part: string;
}

/**
 * The first shape of a credential that a text holds, whatever it is called.
 *
 * @param counts tells of a part of that shape whether it counts; what does not, such as an example, hides nothing after it.
 */
export function shapedIn(text: string, counts: (part: string) => boolean = () => true): Shaped | undefined {
  for (const [shape, pattern] of SHAPES) {
    for (const [part] of text.matchAll(new RegExp(pattern, `${pattern.flags.replace("g", "")}g`))) {
      if (counts(part)) return { shape, part };
    }
  }
  return undefined;
}
