import { shapedIn, type Shape } from "../../engine/credentials/shape";

/** How messages call what has the shape of a credential. */
const NAMES: Readonly<Record<Shape, string>> = {
  "AWS access key": "an AWS access key",
  "GitHub token": "a GitHub token",
  "GitLab token": "a GitLab token",
  "Hugging Face token": "a Hugging Face token",
  "Slack token": "a Slack token",
  "NVIDIA key": "an NVIDIA token",
  "API key": "an API key",
  "web token": "a signed token",
  "private key": "a private key",
};

const ADDRESS_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@{$]+@/i;

/** What a text is by its shape alone; undefined for all that may be anything. */
export function secretShapeOf(text: string): string | undefined {
  const shaped = shapedIn(text);
  if (shaped !== undefined) return NAMES[shaped.shape];
  return ADDRESS_WITH_PASSWORD.test(text) ? "an address with a password" : undefined;
}

/** Whether a text is a switch, stands for what something fills in later, or says where to find it. */
export function isReference(text: string): boolean {
  return /\{\{|\$[({]|^(true|false)$|^<[^>]*>$|^(ref\+|vault:|secret:|secretref:|arn:|file:|\/)/i.test(text);
}
