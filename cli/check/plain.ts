/** Signs that move the cursor, begin a line, or turn the direction of what is shown. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text on one line, as it may be shown: names in manifests are written by anybody. */
export function plain(text: string): string {
  return text.replace(UNSEEN, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The path of a file as it may begin a line: GitHub takes lines that begin with two colons for commands. */
export function plainPath(path: string): string {
  return plain(/^\s*::/.test(path) ? `./${path}` : path);
}
