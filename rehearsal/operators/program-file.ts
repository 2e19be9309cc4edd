import { readFile, rm, writeFile } from "node:fs/promises";
import type { Mount } from "./volumes";

/** Which programs of this machine run in place of which containers. */
export interface PodPrograms {
  /** Path of the program `sandbox`. */
  sandbox: string;
  /** By the image that a container has, without its tag. */
  images: Record<string, PodProgram>;
  /** Whether the stack installs a metrics server, for which there is no program; false by default. */
  hasMetricsServer?: boolean;
}

/** A program that runs in place of containers with some image. */
export interface PodProgram {
  /** Path of the binary. */
  binary: string;
  /** What the image starts where a container has no command. */
  entry: string;
  /** What else the image has that the program needs; nothing by default. */
  image?: ImageParts;
}

/** Parts of an image, as they are on this machine. */
export interface ImageParts {
  /** Files and folders that the program may read. */
  mounts: Mount[];
  /** Variables that the image sets. */
  environment: Record<string, string>;
}

/** A cluster where nothing runs. */
export const NO_PROGRAMS: PodPrograms = { sandbox: "", images: {} };

/** Reads which programs a cluster has; none where there is no such file. */
export async function readPrograms(file: string): Promise<PodPrograms> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? NO_PROGRAMS : (JSON.parse(text) as PodPrograms);
}

/** Notes which programs a cluster has. @returns whether that changes anything. */
export async function writePrograms(file: string, programs: PodPrograms): Promise<boolean> {
  const before = JSON.stringify(await readPrograms(file));
  if (before === JSON.stringify(programs)) return false;
  if (programs.sandbox === NO_PROGRAMS.sandbox) await rm(file, { force: true });
  else await writeFile(file, JSON.stringify(programs));
  return true;
}

/** The program that runs in place of a container with some image; undefined where none does. */
export function programFor({ images }: PodPrograms, image: string): PodProgram | undefined {
  return images[image.replace(/@.*$/, "").replace(/:[^/:]*$/, "")];
}
