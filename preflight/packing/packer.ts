import { Budget, exhaustedWords, type Exhausted } from "../placement/budget";
import type { Compiled } from "../placement/compiled";
import type { Variant } from "../placement/entry";
import type { Fleet } from "../placement/fleet";
import { ONE_BY_ONE } from "../placement/neighbourhood";
import { counted, poolTitles } from "../placement/pool-words";
import {
  type Admission,
  admitted,
  admittedAtOnce,
  giveBack,
  inOrder,
  isAdmittedInGoes,
} from "../placement/queue-choice";
import { sentWords } from "../placement/queue-words";
import { Placer } from "./placer";
import { mayRun, type PackedSet, type Turn, type Unit } from "./units";

/** Places units one after the other, within what queues and quotas leave. */
export class Packer {
  private readonly budget = new Budget();
  private readonly placer: Placer;

  constructor(
    private readonly fleet: Fleet,
    stack: Compiled,
  ) {
    this.placer = new Placer(fleet, stack);
  }

  /** Places a unit, or as much of it as there is room for; returns whether that is all of it. */
  place(unit: Unit): boolean {
    if (!mayRun(unit)) {
      for (const set of unit.sets) set.reason = set.proof?.reason ?? "";
      return true;
    }
    if (unit.sets[0]!.placed === 0 && !this.placeLeast(unit)) return false;
    for (const set of unit.sets) this.placeRest(set);
    this.fleet.settle();
    return unit.sets.every(({ pods, placed }) => placed === pods);
  }

  /** Places as many pods of each set as must run together, all or none. */
  private placeLeast({ sets, isRuled }: Unit): boolean {
    const [{ entry, turn }] = sets as [PackedSet];
    const asking = sets.map(({ entry: { set } }) => ({ requests: set.pod.requests, pods: set.minCount }));
    const exhausted = this.budget.exceeded(entry.limits, asking);
    const tight = exhausted === undefined ? this.admit(turn) : [exhausted];
    if (tight.length > 0) {
      for (const set of sets) set.reason = tight.map(exhaustedWords).join("; ");
      return false;
    }
    if (this.placeAdmitted(sets, isRuled)) return true;
    for (const set of sets) set.reason = noRoom(set, admissionOf(set).variant);
    this.giveBack(turn);
    return false;
  }

  /** What keeps a queue from admitting sets together; nothing where it does. */
  private admit(turn: Turn): readonly Exhausted[] {
    if (turn.admissions !== undefined) return [];
    const entries = turn.sets.map(({ entry }) => entry);
    const result = admitted(entries, this.budget);
    if (!Array.isArray(result)) return result.exhausted;
    turn.admissions = result;
    return [];
  }

  /** Lets others have the quota of sets of which no pod found room. */
  private giveBack(turn: Turn): void {
    if (turn.sets.some(({ placed }) => placed > 0)) return;
    giveBack(turn.admissions ?? [], this.budget);
    turn.admissions = undefined;
  }

  private placeAdmitted(sets: readonly PackedSet[], isRuled: boolean): boolean {
    const [only] = sets as [PackedSet];
    if (sets.length === 1) return this.placeAlone(only);
    const members = sets.map((set) => ({ ...admissionOf(set).variant, pods: set.entry.set.minCount }));
    if (!this.placer.putTogether(members, isRuled)) return false;
    for (const set of sets) this.count(set, set.entry.set.minCount);
    return true;
  }

  /**
   * Places all pods of a set in one go, as the place of the first may decide what room there is for the others; none where
   * that is less than must run.
   */
  private placeAlone(set: PackedSet): boolean {
    const { entry } = set;
    const { variant, pods: atOnce } = admissionOf(set);
    const first = firstOf(set);
    const more = isAdmittedInGoes(entry) ? this.goesLeft(set, variant, set.pods - first) : 0;
    const allowed = Math.min(first + more, this.budget.left(entry.limits, entry.set.pod.requests).pods);
    const placed = this.placer.putAtLeast(variant, allowed, entry.set.minCount);
    if (placed === 0) return false;
    this.count(set, placed);
    this.budget.take(variant.limits, { requests: variant.pod.requests, pods: Math.max(0, placed - atOnce) });
    return true;
  }

  /** Places what a set has beyond the pods that must run together, as far as there is room. */
  private placeRest(set: PackedSet): void {
    const { variant } = admissionOf(set);
    const isCut = () => variant.kind.isRuled && set.placed >= ONE_BY_ONE;
    if (!isCut()) {
      const first = firstOf(set);
      const isDone = this.placeMore(set, variant, first - set.placed);
      if (isAdmittedInGoes(set.entry)) this.placeGoes(set, Math.max(first, set.placed), isDone);
      else if (isDone) set.reason = this.exhausted(set);
    }
    if (isCut()) set.reason = CUT;
  }

  /** Places the pods that are admitted after the first of them, each by whatever flavors have quota left then. */
  private placeGoes(set: PackedSet, admittedBefore: number, isRoom: boolean): void {
    const { entry, pods } = set;
    let left = pods - admittedBefore;
    let isDone = isRoom;
    for (const variant of inOrder(entry, admittedAtOnce(entry.set).most, this.budget)) {
      const wanted = this.goesLeft(set, variant, left);
      left -= wanted;
      const before = set.placed;
      isDone = this.placeMore(set, variant, wanted) && isDone;
      this.budget.take(variant.limits, { requests: variant.pod.requests, pods: set.placed - before });
    }
    if (isDone) set.reason = this.exhausted(set);
    set.reason = provenReason(set) ?? set.reason;
  }

  /** What of each way of being admitted is used up. */
  private exhausted({ entry: { variants } }: PackedSet): string {
    const by = variants.flatMap(({ limits, pod }) => this.budget.left(limits, pod.requests).by ?? []);
    return by.map(exhaustedWords).join("; ");
  }

  /** Pods, up to so many, that quotas of a way of being admitted still let run, those that are admitted together whole. */
  private goesLeft({ entry }: PackedSet, { limits, pod }: Variant, most: number): number {
    const { most: atOnce } = admittedAtOnce(entry.set);
    const left = Math.min(most, this.budget.left(limits, pod.requests).pods);
    return Math.floor(left / atOnce) * atOnce;
  }

  /** Places so many more pods; returns whether all of them found room that quotas of their namespace leave. */
  private placeMore(set: PackedSet, variant: Variant, wanted: number): boolean {
    if (wanted <= 0) return true;
    const left = this.budget.left(set.entry.limits, variant.pod.requests);
    const allowed = Math.min(wanted, left.pods);
    const placed = this.placer.put(variant, allowed);
    this.count(set, placed);
    if (placed < allowed) set.reason = noRoom(set, variant);
    else if (allowed < wanted)
      set.reason = exhaustedWords(this.budget.left(set.entry.limits, variant.pod.requests).by!);
    return placed === wanted;
  }

  private count(set: PackedSet, pods: number): void {
    set.placed += pods;
    this.budget.take(set.entry.limits, { requests: set.entry.set.pod.requests, pods });
  }
}

/** How the queue of a set admits it. */
function admissionOf({ turn, entry }: PackedSet): Admission {
  return turn.admissions!.find((admission) => admission.entry === entry)!;
}

/** Pods that were admitted at first: all of them where there is no queue. */
function firstOf(set: PackedSet): number {
  return set.entry.queue === undefined ? set.pods : Math.min(set.pods, admissionOf(set).pods);
}

const CUT = `of pods with rules between them, ${ONE_BY_ONE} are placed, and the rest is left out`;

/** Why no more pods run than these even while nothing else does; undefined where more could. */
function provenReason({ proof, placed }: PackedSet): string | undefined {
  return proof !== undefined && proof.reason !== "" && proof.atOnce <= placed ? proof.reason : undefined;
}

/** Why pods wait for which no node has room: what holds without all others too, or that these take the room. */
function noRoom(set: PackedSet, variant: Variant): string {
  const proven = provenReason(set);
  if (proven !== undefined) return proven;
  const { entry, pods, placed } = set;
  const on = `${poolTitles(variant.kind.order.map(({ pool }) => pool))}${sentWords(entry, variant)}`;
  if (placed > 0) return `what else runs leaves room for ${placed} of ${counted(pods, "pod")} on ${on}`;
  return `what else runs leaves no room for ${entry.gang === undefined ? "it" : "its gang"} on ${on}`;
}
