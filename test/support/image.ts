import { readFileSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { expect, onTestFinished } from "vitest";
import { Program } from "./program";

/** What a Dockerfile of a Python program says. */
export interface Image {
  /** Folder that a build gets. */
  context: string;
  /** Image that it stands on. */
  from: string;
  /** Whose rights its program has. */
  user: string;
  environment: Record<string, string>;
  /** Paths in the context, and where they go in the working folder. */
  copies: { sources: string[]; target: string }[];
  entrypoint: string[];
  /** Arguments that stand in for those that a container is given. */
  command: string[];
}

/** Reads a Dockerfile. @throws when it has an instruction that these images do not need. */
export function readImage(context: string, dockerfile: string): Image {
  const image: Image = { context, from: "", user: "root", environment: {}, copies: [], entrypoint: [], command: [] };
  const lines = readFileSync(join(context, dockerfile), "utf8").split("\n");
  for (const line of lines.filter((each) => each !== "" && !each.startsWith("#"))) {
    const [instruction = "", ...words] = line.split(" ");
    const list = () => JSON.parse(words.join(" ")) as string[];
    const instructions: Record<string, () => void> = {
      FROM: () => (image.from = words.join(" ")),
      ENV: () => (image.environment = Object.fromEntries(words.map((word) => word.split("=") as [string, string]))),
      COPY: () => image.copies.push({ sources: words.slice(0, -1), target: words.at(-1)! }),
      USER: () => (image.user = words.join(" ")),
      ENTRYPOINT: () => (image.entrypoint = list()),
      CMD: () => (image.command = list()),
      WORKDIR: () => undefined,
      RUN: () => undefined,
      EXPOSE: () => undefined,
    };
    const read = instructions[instruction];
    if (read === undefined) throw new Error(`${dockerfile} has an instruction that is not expected: ${line}`);
    read();
  }
  return image;
}

/** An image whose base is one exact release, whose program is not root, and which holds nothing that is secret. */
export function expectCareful({ from, user, environment, copies }: Image): void {
  expect(from).toMatch(/^python:\d+\.\d+\.\d+-slim-\w+$/);
  expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(Object.keys(environment).filter((name) => /password|secret|token|key/i.test(name))).toEqual([]);
  expect(copies.flatMap(({ sources }) => sources).filter((source) => source.startsWith("."))).toEqual([]);
}

/** An image whose program runs as a plain process, on the files that a container of it would have. */
export class LocalImage {
  private constructor(
    private readonly image: Image,
    private readonly folder: string,
    private readonly python: string,
  ) {}

  /**
   * Lays an image's files out.
   *
   * @param folder Stands for the image's working folder.
   * @param python Stands for the image's Python, with the same packages.
   */
  static async layOut(image: Image, folder: string, python: string): Promise<LocalImage> {
    for (const { sources, target } of image.copies) {
      for (const source of sources) {
        const from = join(image.context, source);
        // A folder is copied as what it holds, a file into a folder keeps its name.
        const to = source.endsWith("/") || !/(\/|^\.)$/.test(target) ? target : join(target, basename(source));
        await mkdir(folder, { recursive: true });
        await cp(from, resolve(folder, to), { recursive: true, filter: (path) => basename(path) !== "__pycache__" });
      }
    }
    return new LocalImage(image, folder, python);
  }

  /** Starts a container's program; it ends with the running test at the latest. */
  start(args: string[] = this.image.command, environment: Record<string, string> = {}): Program {
    const program = this.startLasting(args, environment);
    onTestFinished(() => program.stop());
    return program;
  }

  /** Starts a container's program that somebody else stops. */
  startLasting(args: string[] = this.image.command, environment: Record<string, string> = {}): Program {
    const command = [...this.image.entrypoint, ...args].map((word, at) => (at === 0 ? this.python : word));
    return new Program(command, this.folder, { ...this.image.environment, ...environment });
  }

  /** Runs a container's program to its end. */
  async run(
    args: string[],
    environment: Record<string, string> = {},
  ): Promise<{ code: number | null; output: string }> {
    const program = this.startLasting(args, environment);
    try {
      return { code: await program.ends(), output: program.output };
    } finally {
      await program.stop();
    }
  }
}
