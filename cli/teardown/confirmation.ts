import { createInterface } from "node:readline/promises";
import { Problem } from "../../rehearsal/problem";

/** Where an answer comes from. */
export type Terminal = NodeJS.ReadableStream & { isTTY?: boolean };

/**
 * Asks whether a stack is to be destroyed; its name has to be typed.
 *
 * @throws {Problem} when there is no terminal to ask at.
 */
export async function confirmed(stack: string, input: Terminal = process.stdin): Promise<boolean> {
  if (input.isTTY !== true) {
    throw new Problem(
      `there is no terminal to ask whether ${stack} is to be destroyed`,
      "Give --yes to destroy it without being asked.",
    );
  }
  const terminal = createInterface({ input, output: process.stdout });
  try {
    return (await terminal.question(`Type ${stack} to destroy it: `)).trim() === stack;
  } finally {
    terminal.close();
  }
}
