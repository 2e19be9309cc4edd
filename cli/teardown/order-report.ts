import { table } from "../table";
import { type Blocker, titleOf } from "./blockers";
import type { Deletion, StagedOrder } from "./order";
import { PHASES } from "./phases";
import { nameOf } from "./state";

/** What the drain does, in the words of the order. */
const DRAIN = [
  "Then the cluster is drained of node claims, and of load balancers and volumes that Pulumi does not know.",
  "What these will be is known only then; each is deleted and waited for, none is forced.",
];

/** The order of a teardown in one destroy, as text. */
export function orderText(stack: string, order: Deletion[]): string {
  const title = `Destroying ${stack} deletes ${counted(order)}, wave by wave, each after all that depends on it:`;
  return [title, "", orderTable(order), ""].join("\n");
}

/** The order of a teardown around a drain, as text. */
export function stagedOrderText(stack: string, { first, rest }: StagedOrder): string {
  return [
    `Destroying ${stack} deletes ${counted([...first, ...rest])}. First, while the controllers live:`,
    "",
    first.length === 0 ? "nothing of this stack" : orderTable(first),
    "",
    ...DRAIN,
    "",
    "Last, wave by wave, each after all that depends on it:",
    "",
    orderTable(rest),
    "",
  ].join("\n");
}

/** What makes destroy stop, or may, as text; empty where nothing does. */
export function blockersText(blockers: Blocker[]): string {
  const sections = [
    ["Destroy would stop at:", blockers.filter(({ certain }) => certain)],
    ["Destroy may stop at:", blockers.filter(({ certain }) => !certain)],
  ] as const;
  return sections
    .filter(([, found]) => found.length > 0)
    .map(([title, found]) => [title, ...found.map(blockerText), ""].join("\n"))
    .join("\n");
}

/** One blocker with its remedy, as indented lines. */
export function blockerText({ resource, because, remedy }: Blocker): string {
  return `  ${titleOf(resource)}: ${because}.\n    ${remedy}`;
}

function counted(order: Deletion[]): string {
  const kept = order.filter(({ resource }) => resource.retainOnDelete === true).length;
  const deleted = order.length - kept;
  return `${deleted} resource${deleted === 1 ? "" : "s"}${kept === 0 ? "" : ` and keeps ${kept}`}`;
}

/** One row per phase and type, phases in the order of a teardown. */
function orderTable(order: Deletion[]): string {
  const rows = PHASES.flatMap((phase) => {
    const inPhase = order.filter((deletion) => deletion.phase === phase);
    return [...new Set(inPhase.map(({ resource }) => resource.type))].map((type) => {
      const deletions = inPhase.filter(({ resource }) => resource.type === type);
      const waves = range(deletions.map(({ wave }) => wave));
      return [phase, waves, String(deletions.length), type, deletions.map(marked).join(", ")];
    });
  });
  return table(["phase", "wave", "how many", "type", "names"], rows);
}

function range(waves: number[]): string {
  const [first, last] = [Math.min(...waves), Math.max(...waves)];
  return first === last ? String(first) : `${first}-${last}`;
}

function marked({ resource }: Deletion): string {
  const marks = [...(resource.protect ? ["protected"] : []), ...(resource.retainOnDelete ? ["kept"] : [])];
  return `${nameOf(resource)}${marks.length === 0 ? "" : ` (${marks.join(", ")})`}`;
}
