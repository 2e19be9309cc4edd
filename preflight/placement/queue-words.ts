import type { Entry, Variant } from "./entry";
import type { Go, Judgement } from "./judgement";
import { counted, joined } from "./pool-words";

/** Why it is undecided whether pods run that their queue can admit in several ways, as a sentence without a period. */
export function flavorDoubt(
  { kind, other }: NonNullable<Judgement["doubt"]>,
  entry: Entry,
  first: Variant,
  refusal: string,
): string {
  const queue = queueTitle(entry);
  const [one, two] = [flavorsTitle(first), flavorsTitle(other.subject)];
  if (kind === "shared")
    return `how many run at once is not known, as ${one} and ${two} of ${queue} are of the same nodes`;
  return (
    `${queue} admits it by ${one} first, on whose nodes it never runs (${refusal}); nodes of ${two} could take it, and are ` +
    `tried only while ${one} has too little quota left`
  );
}

/** `8 by flavor a and 4 by flavor b of ClusterQueue research`. */
export function goesWords(goes: readonly Go[], entry: Entry): string {
  return `${joined(goes.map(({ variant, pods }) => `${pods} by ${flavorsTitle(variant)}`))} of ${queueTitle(entry)}`;
}

/** Where a queue sends pods, as an addition to a sentence; nothing where it has no choice. */
export function sentWords(entry: Entry, { flavors }: Variant): string {
  if (entry.variants.length < 2) return "";
  return `, where ${flavorsTitle({ flavors })} of ${queueTitle(entry)} ${flavors.length === 1 ? "sends" : "send"} it`;
}

/** `2 pods are admitted together, and at most 1 can be`. */
export function tooFewAdmitted(needed: number, possible: number): string {
  const most = possible === 0 ? "none" : `at most ${possible}`;
  return `${counted(needed, "pod")} are admitted together, and ${most} can be`;
}

function flavorsTitle({ flavors }: Pick<Variant, "flavors">): string {
  return `${flavors.length === 1 ? "flavor" : "flavors"} ${joined([...flavors])}`;
}

function queueTitle({ queue }: Entry): string {
  return `ClusterQueue ${queue?.name}`;
}
