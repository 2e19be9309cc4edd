import * as pulumi from "@pulumi/pulumi";

/** A variable of Argo in a text. */
export interface Variable {
  /** Where the text is. */
  path: string;
  /** The variable as it is written, braces included. */
  written: string;
  /** Names that it stands for: one, or all that an expression has. */
  names: string[];
  /** Whether it is an expression rather than a name. */
  isExpression: boolean;
}

const VARIABLE = /\{\{(.*?)\}\}/gs;

/** Names in an expression: `inputs.parameters.day`, `tasks['fetch'].outputs.parameters.rows`. */
const NAME =
  /\b(inputs|outputs|tasks|steps|workflow|item|pod|node)((?:\.[A-Za-z_]\w*|\[\s*(?:'[^']*'|"[^"]*")\s*\])*)/g;

/** Texts in an expression, in which no names are. */
const QUOTED = /(?<!\[\s*)(?:'[^']*'|"[^"]*")/g;

/** Every variable in the texts of a tree; outputs are left out, as what they will hold is not known. */
export function variablesIn(tree: unknown, path: string): Variable[] {
  return textsIn(tree, path).flatMap(({ text, path: at }) =>
    [...text.matchAll(VARIABLE)].map(([written, inner = ""]) => variable(at, written, inner)),
  );
}

/** The name that a text stands for, where it is one variable and nothing else. */
export function soleName(text: string): string | undefined {
  const [, inner] = /^\{\{([^{}]*)\}\}$/.exec(text) ?? [];
  return inner === undefined || inner.startsWith("=") ? undefined : inner.trim();
}

/** Paths of texts whose braces are not closed, which Argo cannot read. */
export function brokenTexts(tree: unknown, path: string): { path: string; text: string }[] {
  return textsIn(tree, path).filter(({ text }) => text.replaceAll(VARIABLE, "").includes("{{"));
}

/** A path with one more key. */
export function pathTo(path: string, key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}["${key}"]`;
}

function variable(path: string, written: string, inner: string): Variable {
  const isExpression = inner.startsWith("=");
  return { path, written, isExpression, names: isExpression ? namesIn(inner.slice(1)) : [inner.trim()] };
}

function namesIn(expression: string): string[] {
  const withoutTexts = expression.replaceAll(QUOTED, "");
  return [...withoutTexts.matchAll(NAME)].map(([, root = "", rest = ""]) => {
    const keys = [...rest.matchAll(/\.(\w+)|\[\s*['"]([^'"]*)['"]\s*\]/g)].map(([, plain, quoted]) => plain ?? quoted);
    return [root, ...keys].join(".");
  });
}

function textsIn(tree: unknown, path: string): { text: string; path: string }[] {
  if (typeof tree === "string") return [{ text: tree, path }];
  if (typeof tree !== "object" || tree === null) return [];
  if (pulumi.Output.isInstance(tree) || tree instanceof Promise) return [];
  if (Array.isArray(tree)) return tree.flatMap((item, index) => textsIn(item, `${path}[${index}]`));
  return Object.entries(tree).flatMap(([key, value]) => textsIn(value, pathTo(path, key)));
}
