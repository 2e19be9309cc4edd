import { wordsOf } from "./words";

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

/** Whether a field's name says that its value is a password. */
export function namesPassword(key: string): boolean {
  return PASSWORD_ENDS.some((end) => key.toLowerCase().endsWith(end));
}

/** Whether a field's name says that its value is a secret, rather than the name of a Secret or of a key in one. */
export function namesSecret(key: string): boolean {
  const name = ` ${wordsOf(key)}`;
  return namesPassword(key) || SECRET_ENDS.some((end) => name.endsWith(` ${end}`));
}
