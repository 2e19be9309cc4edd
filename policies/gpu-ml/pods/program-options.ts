import {
  arrayAt,
  isUnknown,
  pathInContainer,
  UNKNOWN,
  type ContainerAt,
  type Tree,
  type Unknown,
} from "../../../components/model";

/** What a container's command line gives for an option. */
export interface Option {
  /** Undefined where the option is absent; unknown where its value is. */
  value: string | Unknown | undefined;
  /** Path of the text that the value stands in, or of what is not known. */
  path: string;
  /** Paths of all parts of the command line that are not known yet. */
  unknownAt: string[];
}

/** Stands for a part of the command line that is not known yet; no option and no value has it. */
const HIDDEN = "\uE000";

/** What follows is for the script, no longer for the program that runs it. */
const SCRIPT = /\.py$|^(-m|--module)$/;

/**
 * The value of an option such as `--nproc-per-node=8` or `--nnodes 2`, in a list of arguments or in a line for a shell. The
 * last one counts, as with most programs.
 */
export function optionOf(at: ContainerAt, name: RegExp): Option {
  const { words, unknownAt, path } = commandLineOf(at);
  const option = new RegExp(`(?:^|\\s)${name.source}(?:=|\\s+)(?:"|')?([^\\s"']+)`, "g");
  const found = [
    ...words
      .map(({ text }) => text)
      .join("\n")
      .matchAll(option),
  ].at(-1);
  const value = found?.[1];
  if (found === undefined || value === undefined) return { value: undefined, path, unknownAt };
  const end = found.index + found[0].length;
  let length = 0;
  const word = words.find(({ text }) => (length += text.length + 1) > end - 1);
  return { value: value.includes(HIDDEN) ? UNKNOWN : value, path: word?.path ?? path, unknownAt };
}

/**
 * Paths of the parts of a command line that are not known and may be options of a program: those that come after its name
 * and before that of the script it runs.
 */
export function unknownOptionsOf(at: ContainerAt, program: RegExp): string[] {
  const { words } = commandLineOf(at);
  const start = words.findIndex(({ text }) => program.test(text));
  if (start === -1) return [];
  const length = words.slice(start + 1).findIndex(({ text }) => SCRIPT.test(text));
  const options = words.slice(start + 1, length === -1 ? undefined : start + 1 + length);
  return options.filter(({ text }) => text === HIDDEN).map(({ path }) => path);
}

function commandLineOf(at: ContainerAt) {
  const words = ["command", "args"].flatMap((field) => wordsOf(at, field));
  const unknownAt = words.filter(({ text }) => text === HIDDEN).map(({ path }) => path);
  return { words, unknownAt, path: pathInContainer(at, "args") };
}

function wordsOf(at: ContainerAt, field: string): { text: string; path: string }[] {
  const list: Tree = at.container[field];
  if (isUnknown(list)) return [{ text: HIDDEN, path: pathInContainer(at, field) }];
  return arrayAt(at.container, field).map((word, index) => ({
    text: isUnknown(word) ? HIDDEN : typeof word === "string" ? word : "",
    path: pathInContainer(at, `${field}[${index}]`),
  }));
}
