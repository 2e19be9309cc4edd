/** A text as expressions quote it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** A name as expressions spell it, in which a hyphen would be a minus. */
export function pathInExpression(name: string): string {
  const [root = "", ...keys] = name.split(".");
  return root + keys.map((key) => (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${quoted(key)}]`)).join("");
}

/** Hexadecimal digits of the hash of parameters, as `parametersHash` has them. */
const HASH_DIGITS = 16;

/** Characters that Go escapes in JSON by these codes behind a backslash, and JavaScript does not. */
const ESCAPED_BY_GO = { u003c: "<", u003e: ">", u0026: "&" };

/** What `parametersHash` computes of a run's parameters, by the controller: the values are known only when it starts. */
export function parametersHashExpression(names: string[]): string {
  const pairs = [...names]
    .sort()
    .map((name) => `[${quoted(name)}, ${pathInExpression(`workflow.parameters.${name}`)}]`);
  // The backslash stands apart: Argo undoes such escapes in the text of expressions, too.
  const json = Object.entries(ESCAPED_BY_GO).reduce(
    (text, [code, plain]) => `sprig.replace(${quoted("\\")} + ${quoted(code)}, ${quoted(plain)}, ${text})`,
    `toJson([${pairs.join(", ")}])`,
  );
  return `sprig.trunc(${HASH_DIGITS}, sprig.sha256sum(${json}))`;
}
