import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { Problem } from "../problem";
import type { Start } from "./assemble";

/** One instruction of a Dockerfile. */
export interface Instruction {
  /** Its line, from 1. */
  line: number;
  name: string;
  /** What follows its name, in one line. */
  words: string;
}

/** What comes into an image by one `COPY`. */
export interface Copy {
  /** Paths in the context. */
  sources: string[];
  /** Absolute path in the image; of a folder it ends with a slash. */
  target: string;
}

/** What a Dockerfile makes of the image that it is `FROM`. */
export interface Steps {
  start: Start;
  copies: Copy[];
  /** What is run, and what is copied of other images: none of it can be done without Docker. */
  others: Instruction[];
}

/** Reads the instructions of a Dockerfile. @throws {Problem} when it cannot be read. */
export async function readDockerfile(path: string): Promise<Instruction[]> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new Problem(`${path} cannot be read`, "Name a folder with a Dockerfile.");
  });
  const instructions: Instruction[] = [];
  let begun: Instruction | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const part = line.replace(/\\$/, "").trim();
    if (begun === undefined) {
      const [name = "", ...words] = part.split(/\s+/);
      begun = { line: index + 1, name: name.toUpperCase(), words: words.join(" ") };
      instructions.push(begun);
    } else begun.words += ` ${part}`;
    if (!line.endsWith("\\")) begun = undefined;
  }
  return instructions;
}

/** The image that the last stage of a Dockerfile stands on. */
export function fromOf(instructions: Instruction[]): string {
  const { words = "" } = instructions.findLast(({ name }) => name === "FROM") ?? {};
  return words.split(" ")[0]!;
}

/**
 * What the last stage of a Dockerfile says.
 *
 * @param path Of the Dockerfile, for messages.
 * @param base How containers of the image are started that it stands on.
 * @throws {Problem} at an instruction that is not known here, or is not in its usual form.
 */
export function stepsOf(path: string, instructions: Instruction[], base: Start): Steps {
  const last = instructions.findLastIndex(({ name }) => name === "FROM");
  const steps: Steps = { start: { ...base, environment: { ...base.environment } }, copies: [], others: [] };
  for (const instruction of instructions.slice(last + 1)) {
    const take = READERS[instruction.name];
    if (take === undefined || !take(steps, instruction)) {
      throw new Problem(
        `${path}:${instruction.line}: ${instruction.name} ${instruction.words} is not understood without Docker`,
        `Known are ${Object.keys(READERS).join(", ")}, with entrypoint and command as JSON.`,
      );
    }
  }
  return steps;
}

type Reader = (steps: Steps, instruction: Instruction) => boolean;

/** What each instruction does. It returns false where it is in a form that is not known. */
const READERS: Record<string, Reader> = {
  ENV: ({ start }, { words }) => {
    const environment = start.environment!;
    const before = { ...environment };
    // Docker has all of an instruction see the values from before it.
    const expanded = (text: string) => text.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => before[name] ?? "");
    const pairs = [...words.matchAll(/([A-Za-z_]\w*)=(?:"([^"]*)"|(\S*))(?:\s|$)/g)];
    for (const [, name, quoted, plain] of pairs) environment[name!] = expanded(quoted ?? plain ?? "");
    return (
      pairs.length > 0 &&
      pairs
        .map(([pair]) => pair)
        .join("")
        .trim() === words
    );
  },
  WORKDIR: ({ start }, { words }) => {
    start.folder = posix.resolve(start.folder ?? "/", words);
    return words !== "";
  },
  USER: ({ start }, { words }) => {
    start.user = words;
    return /^\d+(:\d+)?$/.test(words);
  },
  EXPOSE: ({ start }, { words }) => {
    const ports = words.split(" ").map((port) => (port.includes("/") ? port : `${port}/tcp`));
    start.ports = [...(start.ports ?? []), ...ports];
    return ports.every((port) => /^\d+\/(tcp|udp|sctp)$/.test(port));
  },
  COPY: (steps, instruction) => {
    const words = instruction.words.split(" ");
    if (words.some((word) => word.startsWith("--from="))) {
      steps.others.push(instruction);
      return true;
    }
    const target = words.pop()!;
    const path = posix.resolve(steps.start.folder ?? "/", target);
    const isFolder = words.length > 1 || /(^|\/)\.?$/.test(target);
    steps.copies.push({ sources: words, target: isFolder && path !== "/" ? `${path}/` : path });
    return words.length > 0 && !words.some((word) => /^--|[*?[]/.test(word));
  },
  RUN: ({ others }, instruction) => {
    others.push(instruction);
    return true;
  },
  ENTRYPOINT: ({ start }, { words }) => {
    const list = listIn(words);
    if (list === undefined) return false;
    start.entrypoint = list;
    // Arguments of the image that this one stands on are meant for its own entrypoint.
    delete start.command;
    return true;
  },
  CMD: ({ start }, { words }) => {
    const list = listIn(words);
    if (list !== undefined) start.command = list;
    return list !== undefined;
  },
};

function listIn(words: string): string[] | undefined {
  try {
    const list = JSON.parse(words) as unknown;
    return Array.isArray(list) && list.every((word) => typeof word === "string") ? list : undefined;
  } catch {
    return undefined;
  }
}
