import { table } from "../table";
import type { Leftover, Leftovers } from "./leftovers";
import type { TeardownSubject } from "./subject";

/** What is left, as text: a table of all, then cause, remedy and commands per kind. */
export function leftoversText({ left, unclear, region }: Leftovers, subject: TeardownSubject): string {
  const cluster = subject.cluster === undefined ? "" : ` (cluster ${subject.cluster})`;
  const whose = `${subject.environment}${cluster} in ${region}`;
  const sections =
    left.length === 0
      ? [`Nothing is left of ${whose}.`]
      : [`Left of ${whose}: ${left.length}. In the order in which to remove it:`, "", listOf(left), "", remedies(left)];
  if (unclear.length > 0) {
    sections.push(
      "",
      `${unclear.length} more belong to some cluster of this account; no tag says which:`,
      "",
      listOf(unclear),
      "",
      remedies(unclear),
    );
  }
  if (left.length > 0) {
    sections.push(
      "",
      `AWS may list for some minutes what is already gone. Ask again: mlstack leftovers --stack ${subject.environment}`,
    );
  }
  return [...sections, ""].join("\n");
}

function listOf(leftovers: Leftover[]): string {
  return table(
    ["kind", "id", "name", "tag"],
    leftovers.map(({ kind, id, name, tag }) => [kind, id, name, tag]),
  );
}

function remedies(leftovers: Leftover[]): string {
  const kinds = [...new Set(leftovers.map(({ kind }) => kind))];
  return kinds
    .map((kind) => {
      const items = leftovers.filter((each) => each.kind === kind);
      const { cause, remedy } = items[0]!;
      const commands = items.map(({ command, arn }) => `    ${command ?? arn}`);
      return [`${kind} (${items.length}): ${cause}.`, `  ${remedy}`, ...commands].join("\n");
    })
    .join("\n");
}
