/** A text as expressions quote it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** A name as expressions spell it, in which a hyphen would be a minus. */
export function pathInExpression(name: string): string {
  const [root = "", ...keys] = name.split(".");
  return root + keys.map((key) => (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${quoted(key)}]`)).join("");
}
