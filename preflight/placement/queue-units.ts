import { Budget, exhaustedWords } from "./budget";
import { amountText, bareAmount } from "./amount-text";
import type { Entry, Variant } from "./entry";
import type { Limit } from "./limits";
import { podsOf } from "./pool-words";
import { admitted, admittedAtOnce, type Refusal } from "./queue-choice";

/** Why a queue never admits what it admits together. */
export interface QueueRefusal {
  /** As a sentence without a period. */
  reason: string;
  /** The limit that is too tight, with what is needed of it; absent where it is not one limit alone. */
  limit?: { title: string; name: string; resource: string; needed: number; ceiling: number };
}

/** What a queue says of one of several sets that it admits together: by which flavors, or why never. */
export interface QueueAnswer {
  variant?: Variant;
  refusal?: QueueRefusal;
}

/**
 * What queues say of sets that they admit together with others while nothing else waits: those of an object that is admitted
 * whole, and those of a gang.
 */
export function queueAnswers(entries: readonly Entry[]): Map<Entry, QueueAnswer> {
  const answers = new Map<Entry, QueueAnswer>();
  for (const unit of unitsOf(entries)) {
    const barred = unit.find(({ barrier }) => barrier !== undefined);
    if (barred !== undefined) {
      const reason = `is admitted together with ${barred.set.title}, which its queue never admits`;
      for (const entry of unit) answers.set(entry, { refusal: { reason } });
      continue;
    }
    const result = admitted(unit, new Budget());
    if (Array.isArray(result)) for (const { entry, variant } of result) answers.set(entry, { variant });
    else for (const entry of unit) answers.set(entry, { refusal: refusalOf(unit, result) });
  }
  return answers;
}

/** Two or more sets that a queue admits together or not at all. */
function unitsOf(entries: readonly Entry[]): Entry[][] {
  const units = new Map<Entry["workload"], Map<string, Entry[]>>();
  for (const entry of entries) {
    const name = unitName(entry);
    if (name === undefined) continue;
    const ofWorkload = units.get(entry.workload) ?? new Map<string, Entry[]>();
    units.set(entry.workload, ofWorkload.set(name, [...(ofWorkload.get(name) ?? []), entry]));
  }
  return [...units.values()].flatMap((each) => [...each.values()]).filter(({ length }) => length > 1);
}

/** What tells apart the sets of a workload that are not admitted together; undefined where a set is admitted by itself. */
export function unitName({ queue, set, gang }: Entry): string | undefined {
  if (queue === undefined) return undefined;
  return set.admittedCount === undefined ? gang : "";
}

function refusalOf(unit: readonly Entry[], { entry, exhausted }: Refusal): QueueRefusal {
  const [only] = exhausted;
  const pods = podsOf(unit.map(({ set }) => ({ set, pods: admittedAtOnce(set).least })));
  const isGang = unit.every(({ set }) => admittedAtOnce(set).least === set.minCount);
  const together = `${pods} that ${isGang ? "must run" : "are admitted"} together`;
  if (exhausted.length === 1 && unit.every(({ variants }) => variants.length === 1)) {
    const { limit, resource, ceiling } = only!;
    const needed = neededOf(unit, limit, resource);
    const reason =
      `${together} ask for ${amountText(resource, needed, "up")}, ` +
      `and ${limit.title} has ${bareAmount(resource, ceiling, "down")} at most`;
    return { reason, limit: { title: limit.title, name: limit.name, resource, needed, ceiling } };
  }
  const own = podsOf([{ set: entry.set, pods: admittedAtOnce(entry.set).least }]);
  return {
    reason: `${together} find no quota: for ${own}, ${exhausted.map(exhaustedWords).join("; ")}`,
  };
}

/** What the sets of a unit, each with one way of being admitted, ask a limit for. */
function neededOf(unit: readonly Entry[], limit: Limit, resource: string): number {
  return unit.reduce((sum, { variants: [first], set }) => {
    const isBound = first!.limits.some((each) => each === limit || each.shared?.limit === limit);
    return isBound ? sum + (first!.pod.requests.get(resource) ?? 0) * admittedAtOnce(set).least : sum;
  }, 0);
}
