import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Operation } from "./faults";

/** Environment variable with the path of the journal that stand-ins write; none is written by default. */
export const JOURNAL_VARIABLE = "MLSTACK_STAND_IN_JOURNAL";

/** A finished operation. */
export interface JournalEntry {
  operation: Operation;
  urn: string;
  /** Token of the type. */
  type: string;
  /** Name of the resource in the program. */
  name: string;
  id: string;
  /** When it started, in milliseconds since 1970. */
  started: number;
  /** When it ended, in milliseconds since 1970. */
  ended: number;
}

/** Notes a finished operation, where the environment asks for a journal. */
export function note(entry: JournalEntry): void {
  const file = process.env[JOURNAL_VARIABLE];
  // One short write to a file that is opened for appending is not mixed up with those of other processes.
  if (file) appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

/** The operations that a journal holds, in the order in which they ended; none where there is no such file. */
export function readJournal(file: string): JournalEntry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as JournalEntry);
}
