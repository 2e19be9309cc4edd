/** User and password of an address: what stands between `://` and `@`. */
const LOGIN = /(:\/\/)[^\s/@"'\\]*:[^\s/@"'\\]*@/g;

/**
 * A text of a message without the login of any address in it. Rules quote names and choices, where nobody writes a
 * password; this is for whoever does.
 */
export function withoutLogins(text: string): string {
  return text.includes("://") ? text.replaceAll(LOGIN, "$1…@") : text;
}
