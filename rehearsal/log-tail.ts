import { readFile } from "node:fs/promises";

/** The last lines of a log, to say why a process ended; empty where there is no such file. */
export async function lastLines(file: string, lines: number): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}
