import type { Command } from "commander";
import { program } from "../../cli/mlstack";

/** How the command line reads words, without doing anything. */
export interface ReadCommand {
  /** Names of the command and of those above it: `charts pull`. */
  verb: string;
  /** What is wrong with the words; undefined where nothing is. */
  wrong?: string;
}

/** Has the command line itself read words as it reads arguments. */
export function readCommand(words: readonly string[]): ReadCommand {
  let command: Command = program();
  const names: string[] = [];
  let rest = [...words];
  for (;;) {
    const next = command.commands.find((each) => each.name() === rest[0]);
    if (next === undefined) break;
    command = next;
    names.push(next.name());
    rest = rest.slice(1);
  }
  const verb = names.join(" ");
  if (names.length === 0 || command.commands.length > 0)
    return { verb, wrong: `there is no command ${rest.join(" ")}` };
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  try {
    const { operands, unknown } = command.parseOptions(rest);
    if (unknown.length > 0) return { verb, wrong: `there is no option ${unknown.join(" ")}` };
    const [last] = command.registeredArguments.slice(-1);
    const most = last?.variadic === true ? Infinity : command.registeredArguments.length;
    return operands.length > most ? { verb, wrong: `takes no ${operands.join(" ")}` } : { verb };
  } catch (error) {
    return { verb, wrong: error instanceof Error ? error.message : String(error) };
  }
}
