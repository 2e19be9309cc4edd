import type { ToStringOptions } from "yaml";

/** How a text of YAML is laid out, so that what is written anew looks like what stays. */
export function layoutOf(text: string): ToStringOptions {
  const lines = text.split(/\r?\n/);
  const steps: number[] = [];
  let [indented, flush] = [0, 0];
  for (const [index, line] of lines.entries()) {
    // What follows a key with nothing behind it is its value.
    const key = /^( *)(?:- +)?[^\s#"'{[|>-][^#]*:\s*(?:#.*)?$/.exec(line);
    const next = /^( *)(- )?[^\s#]/.exec(lines[index + 1] ?? "");
    if (key === null || next === null || /^ *- /.test(line)) continue;
    const step = (next[1] ?? "").length - (key[1] ?? "").length;
    if (next[2] === undefined && step > 0) steps.push(step);
    if (next[2] !== undefined && step === 0) flush += 1;
    if (next[2] !== undefined && step > 0) indented += 1;
  }
  return {
    lineWidth: 0,
    indent: mostFrequent(steps) ?? 2,
    indentSeq: flush <= indented,
    flowCollectionPadding: /[{[] /.test(text) || !/[{[]/.test(text),
  };
}

/** A text with the line ends of another one. */
export function withLineEndsOf(original: string, text: string): string {
  const unix = text.replaceAll("\r\n", "\n");
  return original.includes("\r\n") ? unix.replaceAll("\n", "\r\n") : unix;
}

/** Spaces or the tab by which JSON is indented; undefined where all of it stands on one line. */
export function jsonIndentOf(text: string): string | undefined {
  return /^[{[]\r?\n([ \t]+)/.exec(text.trimStart())?.[1];
}

function mostFrequent(numbers: number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}
