import { isTreeObject, stringAt, type Tree, type TreeObject } from "../../../components/model";

/** Credentials that programs come with, or that tutorials and templates show. */
const WELL_KNOWN = new Set([
  "12341234",
  "123456",
  "12345678",
  "123456789",
  "admin",
  "admin123",
  "administrator",
  "change-me",
  "change_me",
  "changeit",
  "changeme",
  "console123",
  "default",
  "guest",
  "kubeflow",
  "letmein",
  "minio",
  "minio123",
  "minioadmin",
  "mlpipeline",
  "mysql",
  "passw0rd",
  "password",
  "password1",
  "password123",
  "postgres",
  "prom-operator",
  "qwerty",
  "root",
  "secret",
  "test",
  "test123",
  "test1234",
  "toor",
]);

/** Ends of the last words of names that hold a password itself. */
const PASSWORD_ENDS = ["password", "passwd", "passphrase"];

/** Last words of names that hold a secret, where the last one alone says too little: `clientSecret`, not `tlsSecret`. */
const SECRET_ENDS = [
  "token",
  "pass",
  "api key",
  "apikey",
  "client secret",
  "consumer secret",
  "cookie secret",
  "hmac secret",
  "jwt secret",
  "secret access key",
  "secret key",
  "secretkey",
  "session secret",
  "shared secret",
  "signing secret",
];

/** Shapes of secrets that issuers choose so that they are found wherever they are written. */
const SHAPES: [shape: RegExp, what: string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/\b(AKIA|ASIA)[0-9A-Z]{16}\b/, "an AWS access key"],
  [/\bgh[oprsu]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{40,}/, "a GitHub token"],
  [/\bglpat-[A-Za-z0-9_-]{20,}/, "a GitLab token"],
  [/\bhf_[A-Za-z0-9]{30,}/, "a Hugging Face token"],
  [/\bnvapi-[A-Za-z0-9_-]{40,}/, "an NVIDIA token"],
  [/\bxox[abeprs]-[A-Za-z0-9-]{10,}/, "a Slack token"],
  [/\bsk-[A-Za-z0-9_-]{32,}/, "an API key"],
  [/\beyJ[A-Za-z0-9_-]{10,200}\.eyJ[A-Za-z0-9_-]{10}/, "a signed token"],
  [/^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@{$]+@/i, "an address with a password"],
];

/** Whether a credential is one that anybody would try first. */
export function isWellKnown(value: Tree): boolean {
  const text = typeof value === "number" ? String(value) : stringAt({ value }, "value");
  return text !== undefined && WELL_KNOWN.has(text.trim().toLowerCase());
}

/** Whether a field's name says that its value is a password. */
export function namesPassword(key: string): boolean {
  return PASSWORD_ENDS.some((end) => key.toLowerCase().endsWith(end));
}

/** Whether a field's name says that its value is a secret, rather than the name of a Secret or of a key in one. */
export function namesSecret(key: string): boolean {
  const words = key.replace(/([a-z0-9])([A-Z])/g, "$1 $2").split(/[^A-Za-z0-9]+/);
  const name = ` ${words.join(" ").toLowerCase()}`;
  return namesPassword(key) || SECRET_ENDS.some((end) => name.endsWith(` ${end}`));
}

/** What a text is by its shape alone; undefined for all that may be anything. */
export function secretShapeOf(text: string): string | undefined {
  return SHAPES.find(([shape]) => shape.test(text))?.[1];
}

/** Whether a text is a switch, stands for what something fills in later, or says where to find it. */
export function isReference(text: string): boolean {
  return /\{\{|\$[({]|^(true|false)$|^<[^>]*>$|^(ref\+|vault:|secret:|secretref:|arn:|file:|\/)/i.test(text);
}

/** Names and values of lists such as the `env` of a container, with where they stand. */
export function namedValuesIn(
  list: Tree,
  path: string,
): { path: string; name: string; value: Tree; entry: TreeObject }[] {
  const items = Array.isArray(list) ? list : [];
  return items.flatMap((entry, index) => {
    const name = isTreeObject(entry) ? stringAt(entry, "name") : undefined;
    if (!isTreeObject(entry) || name === undefined) return [];
    return [{ path: `${path}[${index}].value`, name, value: entry["value"], entry }];
  });
}
