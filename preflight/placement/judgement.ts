import { allowanceOf, type Allowance } from "./allowance";
import { Budget } from "./budget";
import type { Capacities, Capacity } from "./capacity";
import type { Entry, Variant } from "./entry";
import { Verdict } from "./proof";
import { admittedAtOnce, inOrder, isAdmittedInGoes } from "./queue-choice";
import type { QueueAnswer, QueueRefusal } from "./queue-units";
import { refusalWords } from "./refusal-words";

/** What pools and limits are to a set by itself. */
export interface Judgement {
  entry: Entry;
  /** The pods, as they are admitted by the flavors that their queue gives them. */
  subject: Variant;
  capacity: Capacity;
  /** What all limits let run. */
  allowance: Allowance;
  /** What the queue by itself lets run. */
  quota: Allowance;
  /** Pods that certainly can run at once, within limits. */
  certain: number;
  /** Pods that can if all that is not known is in their favour. */
  possible: number;
  verdict: Verdict;
  /** Why the API server or its queue never admits it, where that does not follow from the set and one limit alone. */
  refusal?: QueueRefusal;
  /** Why it is undecided, where that follows from the order in which its queue tries flavors. */
  doubt?: { kind: "first" | "shared"; other: Judgement };
  /** Pods that run by each way of being admitted, where several of them are used. */
  goes?: readonly Go[];
}

/** Pods that are admitted by some flavors, and run. */
export interface Go {
  variant: Variant;
  pods: number;
}

/**
 * Judges a set by itself, as its queue admits it while nothing else waits there.
 *
 * @param answer what the queue says of all that it admits together with the set; undefined where there is nothing else.
 */
export function judged(entry: Entry, answer: QueueAnswer | undefined, capacities: Capacities): Judgement {
  const all = entry.variants.map((variant) => judgedAs(variant, entry, capacities));
  const refusal = refusalOf(entry) ?? answer?.refusal;
  if (refusal !== undefined) {
    const closest = bestOf(all);
    return { ...closest, verdict: Verdict.never, certain: 0, possible: 0, refusal };
  }
  const [only] = all;
  const isInGoes = isAdmittedInGoes(entry);
  if (all.length === 1 && (!isInGoes || admittedAtOnce(entry.set).most === 1)) return only!;
  if (isInGoes) return inGoes(entry, all);
  const first = answer?.variant;
  return first === undefined ? ofFirst(entry, all) : settled(...splitAt(entry, all, first));
}

/** Why pods are not even admitted one by one, as far as they themselves decide. */
function refusalOf({ set, barrier }: Entry): QueueRefusal | undefined {
  if (set.refusal !== undefined) return { reason: refusalWords(set.refusal) };
  return barrier === undefined ? undefined : { reason: barrier };
}

function judgedAs(subject: Variant, entry: Entry, capacities: Capacities): Judgement {
  const capacity = capacities.of(subject, entry.set);
  const quota = allowanceOf(subject.limits, subject.pod.requests);
  const allowance =
    entry.limits.length === 0 ? quota : allowanceOf([...subject.limits, ...entry.limits], subject.pod.requests);
  const certain = Math.min(capacity.certain, allowance.certain);
  const possible = Math.min(capacity.possible, allowance.possible);
  const verdict = verdictOf(entry, quota, certain, possible);
  return { entry, subject, capacity, allowance, quota, certain, possible, verdict };
}

function verdictOf({ set, queue }: Entry, quota: Allowance, certain: number, possible: number): Verdict {
  const { count, minCount } = set;
  const least = queue === undefined ? 0 : admittedAtOnce(set).least;
  if (possible < minCount || quota.possible < least) return Verdict.never;
  if (certain >= (count ?? Infinity)) return Verdict.runs;
  const isSure = certain >= minCount && certain === possible && quota.certain >= least;
  return count !== undefined && isSure ? Verdict.queues : Verdict.undecided;
}

/** Of pods that are admitted at once: the first way with quota for them, or several where quotas are not known. */
function ofFirst(entry: Entry, all: readonly Judgement[]): Judgement {
  const { least, most } = admittedAtOnce(entry.set);
  const possible = Math.max(...all.map(({ quota }) => quota.possible));
  if (possible < least) return bestOf(all);
  const wanted = Math.min(most, possible);
  const order = inOrder(entry, wanted, new Budget());
  const able = order
    .map((variant) => all.find(({ subject }) => subject === variant)!)
    .filter(({ quota }) => quota.possible >= wanted);
  const sure = able.findIndex(({ quota }) => quota.certain >= wanted);
  return sure < 0 ? settled(able, []) : settled(able.slice(0, sure + 1), able.slice(sure + 1));
}

/** The way that is taken, and those after it with quota for as many pods. */
function splitAt(entry: Entry, all: readonly Judgement[], variant: Variant): [Judgement[], Judgement[]] {
  const { most } = admittedAtOnce(entry.set);
  const at = all.findIndex(({ subject }) => subject === variant);
  return [[all[at]!], all.slice(at + 1).filter(({ quota }) => quota.possible >= most)];
}

/**
 * The worst of the ways that may be taken. Where the nodes of that one never take the pods, and those of another would, it
 * depends on what else has the quota of the first: a queue does not ask whether nodes have room.
 */
function settled(firsts: readonly Judgement[], later: readonly Judgement[]): Judgement {
  const worst = firsts.reduce((one, other) => (RANK[other.verdict] > RANK[one.verdict] ? other : one));
  if (worst.verdict !== Verdict.never) return worst;
  const other = [...firsts, ...later].find(({ verdict }) => verdict !== Verdict.never);
  if (other === undefined) return bestOf([...firsts, ...later]);
  return { ...worst, verdict: Verdict.undecided, certain: 0, doubt: { kind: "first", other } };
}

/** Of pods that are admitted in several goes: each goes to the first flavors that have quota left. */
function inGoes(entry: Entry, all: readonly Judgement[]): Judgement {
  const goes = goesOf(entry, all, "certain");
  const certain = sumOf(goes);
  const possible = sumOf(goesOf(entry, all, "possible"));
  const used = all.filter(({ subject }) => goes.some(({ variant }) => variant === subject));
  const [first = bestOf(all), second] = used;
  const alone = Math.min(certain, Math.max(0, ...used.map((each) => each.certain)));
  const areApart = used.length < 2 || !mayMeet(used);
  const sure = areApart ? certain : alone;
  const verdict = verdictOf(entry, first.quota, sure, possible);
  const whole = { ...first, certain: sure, possible, verdict, ...(used.length > 1 ? { goes } : {}) };
  if (verdict === Verdict.undecided) {
    const vague = all.find(({ capacity, allowance }) => (capacity.doubt ?? allowance.unknown) !== undefined);
    if (vague !== undefined) return { ...vague, certain: sure, possible, verdict };
    return areApart ? whole : { ...whole, doubt: { kind: "shared", other: second! } };
  }
  if (verdict !== Verdict.never) return whole;
  const other = all.find((each) => each.verdict !== Verdict.never);
  if (other === undefined) return bestOf(all);
  const worst = all.find(({ quota }) => quota.possible >= admittedAtOnce(entry.set).most) ?? first;
  return { ...worst, verdict: Verdict.undecided, certain: 0, doubt: { kind: "first", other } };
}

/** Pods that run by each way, as far as is certain or possible. */
function goesOf(entry: Entry, all: readonly Judgement[], how: "certain" | "possible"): Go[] {
  const { most } = admittedAtOnce(entry.set);
  let left = entry.set.count ?? Infinity;
  const goes: Go[] = [];
  for (const { subject, quota, capacity } of all) {
    const pods = wholeGoes(Math.min(left, quota[how]), most);
    left -= pods;
    const running = Math.min(pods, capacity[how]);
    if (running > 0) goes.push({ variant: subject, pods: running });
  }
  return goes;
}

/** So many pods as are whole multiples of what is admitted at once. */
function wholeGoes(pods: number, atOnce: number): number {
  return pods === Infinity ? pods : Math.floor(pods / atOnce) * atOnce;
}

/** Whether pods that are admitted by different flavors may get in each other's way. */
function mayMeet(used: readonly Judgement[]): boolean {
  const pools = used.flatMap(({ subject }) => subject.kind.order);
  return new Set(pools).size < pools.length || used.some(({ subject }) => subject.kind.isRuled);
}

function sumOf(goes: readonly Go[]): number {
  return goes.reduce((sum, { pods }) => sum + pods, 0);
}

const RANK: Record<Verdict, number> = { runs: 0, queues: 1, undecided: 2, never: 3 };

function bestOf(all: readonly Judgement[]): Judgement {
  return all.reduce((best, each) => (isBetter(each, best) ? each : best));
}

function isBetter(one: Judgement, other: Judgement): boolean {
  const rank = RANK[one.verdict] - RANK[other.verdict];
  return rank < 0 || (rank === 0 && (one.certain > other.certain || isCloser(one, other)));
}

function isCloser(one: Judgement, other: Judgement): boolean {
  return one.certain === other.certain && one.possible > other.possible;
}
