import { access, constants, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { callersPath } from "../rehearsal/checkout";
import { Problem } from "../rehearsal/problem";
import { reasonOf } from "./check/files";
import { plain } from "./check/plain";

/** A file that a command was told to write, with what goes into it and the option that names it. */
export interface OutputFile {
  path: string;
  /** For example `the findings`. */
  content: string;
  /** For example `--output`. */
  option: string;
}

/** Tells, before anything is worked out, that what comes of it has no place to go. @throws {Problem} */
export async function refuseUnwritable(file: OutputFile): Promise<void> {
  const path = callersPath(file.path);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) refuse(file, "it is a folder");
  const needed = found === undefined ? dirname(path) : path;
  await access(needed, constants.W_OK).catch((error: unknown) => {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    refuse(file, isMissing ? "its folder is not there" : "it may not be written");
  });
}

/** Writes what came out. @throws {Problem} when that cannot be. */
export async function writeOutput(file: OutputFile, text: string): Promise<void> {
  await writeFile(callersPath(file.path), text).catch((error: unknown) => refuse(file, reasonOf(error)));
}

function refuse({ path, content, option }: OutputFile, reason: string): never {
  throw new Problem(`${content} cannot be written to ${plain(path)}: ${reason}`, `Name another file by ${option}.`);
}
