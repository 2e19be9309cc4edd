import { parse } from "yaml";
import { z } from "zod";
import { Problem } from "../../rehearsal/problem";
import { type Change, CHANGE_KINDS } from "./changes";

/** A change that an upgrade makes on purpose. */
const listedChange = z
  .strictObject({
    /** Released version whose recorded states show the change. */
    from: z.string().regex(/^\d+\.\d+\.\d+$/),
    kind: z.enum(CHANGE_KINDS),
    /** Type and name of the resource, for example `aws:eks/nodeGroup:NodeGroup system-nodes`; `*` stands for any text. */
    resource: z.string().regex(/^\S+ \S+$/),
    /** Why it has to be. */
    reason: z.string().min(1),
    /** What the changelog says of it: words that stand there. */
    changelog: z.string().min(1),
    /** Heading of the migration note in docs/upgrades.md; a replacement or deletion has one. */
    migration: z.string().min(1).optional(),
  })
  .refine(({ kind, migration }) => kind === "update" || migration !== undefined, {
    message: "a replacement or deletion names its migration note",
  })
  .refine(({ kind, resource }) => kind === "update" || !resource.split(" ")[0]!.includes("*"), {
    message: "a replacement or deletion names the whole type",
  });

/** A change that an upgrade makes on purpose, with its reason and where users read of it. */
export type ListedChange = z.infer<typeof listedChange>;

/**
 * The changes that `releases/changes.yaml` lists.
 *
 * @throws {Problem} when an entry is not as it must be; each flaw is named with its place.
 */
export function listedChanges(text: string): ListedChange[] {
  const { success, data, error } = z.array(listedChange).safeParse(parse(text) ?? []);
  if (success) return data;
  const flaws = error.issues.map(({ path, message }) => `[${path.join(".")}] ${message}`);
  throw new Problem(
    `releases/changes.yaml: ${flaws.join("; ")}`,
    "Mend the entries; docs/upgrades.md shows what they say.",
  );
}

/** The changes of an upgrade from a release that nobody has listed. */
export function unlistedChanges(changes: Change[], listed: ListedChange[], from: string): Change[] {
  return changes.filter((change) => !listed.some((entry) => entry.from === from && covers(entry, change)));
}

/** Entries about a release that none of its changes is told by: what they speak of is over. */
export function staleEntries(changes: Change[], listed: ListedChange[], from: string): ListedChange[] {
  return listed.filter((entry) => entry.from === from && !changes.some((change) => covers(entry, change)));
}

/** What is missing for users to read of listed changes, one line for each. */
export function missingNotes(listed: ListedChange[], changelog: string, guide: string): string[] {
  const headings = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
  const words = inOneLine(changelog);
  return listed.flatMap(({ kind, resource, changelog: said, migration }) => [
    ...(words.includes(inOneLine(said)) ? [] : [`${kind} ${resource}: CHANGELOG.md does not say "${said}"`]),
    ...(migration === undefined || headings.includes(migration)
      ? []
      : [`${kind} ${resource}: docs/upgrades.md has no heading "${migration}"`]),
  ]);
}

function covers({ kind, resource }: ListedChange, change: Change): boolean {
  const pattern = resource.split("*").map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return kind === change.kind && new RegExp(`^${pattern.join(".*")}$`).test(`${change.type} ${change.name}`);
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
