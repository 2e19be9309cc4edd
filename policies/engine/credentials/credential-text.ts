import { credentialIn, shapeIn } from "./credential";

/** Assignments in scripts and configuration files: `export A=b`, `"a": "b",`, `a.b = c`. */
const ASSIGNMENT = /(?<![\w.-])["']?([A-Za-z][\w.-]*)["']?[ \t]*[:=][ \t]*("[^"\n]*"|'[^'\n]*'|[^\s"',;&|]+)/g;

/** What stands for itself in a script: quoted, or a word with a digit in it that calls and refers to nothing. */
const LITERAL = /^(?:"[^"]*"|'[^']*'|(?=\D*\d)[\w+/=!@#%^-]{6,})$/;

/** What a text of several words, such as a script or a configuration file, holds of credentials. */
export function credentialInText(text: string): string | undefined {
  const shape = shapeIn(text);
  if (shape !== undefined) return shape;
  for (const [, name = "", value = ""] of text.matchAll(ASSIGNMENT)) {
    const found = LITERAL.test(value) ? credentialIn(name, value.replace(/^["']|["']$/g, "")) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * What an argument of a program holds of credentials: `--password=…`, `PASSWORD=…`, or the text of a script.
 *
 * @param before the argument in front of it, of which it is the value where that is a flag: `--password …`.
 */
export function credentialInArgument(argument: string, before: string | undefined): string | undefined {
  if (/[\s"'(]/.test(argument.trim())) return credentialInText(argument);
  const [, flag = "", value = ""] = /^-{0,2}([A-Za-z][\w.-]*)=(.*)$/.exec(argument) ?? [];
  const flagBefore = /^--?([A-Za-z][\w.-]*)$/.exec(before ?? "")?.[1];
  const found = flag === "" ? undefined : credentialIn(flag, value);
  const isValue = flagBefore !== undefined && !argument.startsWith("-");
  return found ?? (isValue ? credentialIn(flagBefore, argument) : shapeIn(argument));
}
