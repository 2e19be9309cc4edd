import { allowanceOf, type Allowance } from "./allowance";
import type { Capacities, Capacity } from "./capacity";
import type { Entry } from "./entry";
import type { Subject } from "./neighbourhood";
import { Verdict } from "./proof";

/** What pools and limits are to a set by itself. */
export interface Judgement {
  entry: Entry;
  /** The pods, as they are admitted by the flavor of their queue that suits them best. */
  subject: Subject;
  capacity: Capacity;
  allowance: Allowance;
  /** Pods that certainly can run at once, within limits. */
  certain: number;
  /** Pods that can if all that is not known is in their favour. */
  possible: number;
  verdict: Verdict;
}

/** Judges a set by itself, in the best of the ways in which its queue can admit it. */
export function judged(entry: Entry, capacities: Capacities): Judgement {
  let best: Judgement | undefined;
  for (const subject of entry.variants) {
    const judgement = judgedAs(subject, entry, capacities);
    if (best === undefined || isBetter(judgement, best)) best = judgement;
  }
  return best!;
}

function judgedAs(subject: Subject, entry: Entry, capacities: Capacities): Judgement {
  const capacity = capacities.of(subject, entry.set);
  const allowance = allowanceOf(entry.limits, subject.pod.requests);
  const isRefused = entry.set.refusal !== undefined;
  const certain = isRefused ? 0 : Math.min(capacity.certain, allowance.certain);
  const possible = isRefused ? 0 : Math.min(capacity.possible, allowance.possible);
  return { entry, subject, capacity, allowance, certain, possible, verdict: verdictOf(entry.set, certain, possible) };
}

function verdictOf({ count, minCount }: Entry["set"], certain: number, possible: number): Verdict {
  if (possible < minCount) return Verdict.never;
  if (certain >= (count ?? Infinity)) return Verdict.runs;
  return count !== undefined && certain >= minCount && certain === possible ? Verdict.queues : Verdict.undecided;
}

const RANK: Record<Verdict, number> = { runs: 0, queues: 1, undecided: 2, never: 3 };

function isBetter(one: Judgement, other: Judgement): boolean {
  const rank = RANK[one.verdict] - RANK[other.verdict];
  return rank < 0 || (rank === 0 && (one.certain > other.certain || isCloser(one, other)));
}

function isCloser(one: Judgement, other: Judgement): boolean {
  return one.certain === other.certain && one.possible > other.possible;
}
