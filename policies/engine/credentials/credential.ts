import { shapedIn, type Shape } from "./shape";
import { wordsOf } from "./words";

/** How messages call what has the shape of a credential. */
const NAMES: Readonly<Record<Shape, string>> = {
  "AWS access key": "an AWS access key",
  "GitHub token": "a token of GitHub",
  "GitLab token": "a token of GitLab",
  "Hugging Face token": "a token of Hugging Face",
  "Slack token": "a token of Slack",
  "NVIDIA key": "an API key",
  "API key": "an API key",
  "web token": "a JSON web token",
  "private key": "a private key",
};

/** `scheme://user:password@host`; the password is the group. */
const URL_WITH_PASSWORD = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]*:([^\s/@]+)@/gi;

/** Ends of names that mean a password: any text is one. */
const PASSWORD_NAMES =
  /(?:password|passwd|passphrase)$|(?:^| )(?:db|database|smtp|mail|redis|mysql|postgres|user|root|admin) (?:pass|pwd)$/;

/** Ends of names that mean a key or token, where other texts than credentials stand too. */
const KEY_NAMES =
  /(?:^| )(?:token|apikey|(?:api|secret|secret access|private|account|encryption|signing) key|(?:client|app|jwt|cookie|session) secret)$|(?:^| )account key /;

/** What refers to a value instead of being it: variables of shells, Kubernetes, Helm and Argo, paths, and secret stores. */
const REFERENCE = /\$[({A-Za-z_]|\{\{|<[\w -]+>|^(?:[./~]|(?:arn|vault|ssm|op|file|secrets?|secretref):)/i;

/** What people write where a value is to come. */
const PLACEHOLDER =
  /^(?:change-?_?me|changeit|example|placeholder|redacted|dummy|todo|none|null|true|false|on|off|yes|no|enabled|disabled|required|x+|\*+|your\b.*|your[_-].*|replace.*|insert.*|.*example)$/i;

/**
 * What a text is taken for where a name says what it should be: `a password`, or `a token of GitHub`; undefined where it
 * is no credential. False alarms are rarer than misses: what refers to a value, waits for one or is a word is let pass.
 */
export function credentialIn(name: string, value: string): string | undefined {
  return shapeIn(value) ?? credentialByName(name, value);
}

/** The shape of a credential that a text holds, whatever it is called. */
export function shapeIn(text: string): string | undefined {
  const shaped = shapedIn(text, (part) => !PLACEHOLDER.test(part));
  if (shaped !== undefined) return NAMES[shaped.shape];
  const passwords = [...text.matchAll(URL_WITH_PASSWORD)].map(([, password = ""]) => password);
  return passwords.some(isLiteral) ? "a URL with a password" : undefined;
}

/** Tells whether a name, such as `DB_PASSWORD`, `apiKey` or `fs.s3a.secret.key`, is that of a credential. */
export function isCredentialName(name: string): boolean {
  const words = wordsOf(name);
  return PASSWORD_NAMES.test(words) || KEY_NAMES.test(words);
}

function credentialByName(name: string, value: string): string | undefined {
  const words = wordsOf(name);
  if (!isLiteral(value)) return undefined;
  if (PASSWORD_NAMES.test(words)) return "a password";
  return KEY_NAMES.test(words) && looksRandom(value) ? "a key or token" : undefined;
}

/** Tells whether a text stands for itself: it refers to no other value, and waits for none. */
export function isLiteral(value: string): boolean {
  const text = value.trim();
  return text !== "" && !REFERENCE.test(text) && !PLACEHOLDER.test(text);
}

/** Keys are long, and have both letters and digits; names of secrets, special tokens and words have not. */
function looksRandom(value: string): boolean {
  return /^[\w+/=.:-]{8,}$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
}
