import { Budget, exhaustedWords, type Exhausted } from "../placement/budget";
import type { Compiled } from "../placement/compiled";
import type { Variant } from "../placement/entry";
import type { Fleet } from "../placement/fleet";
import { ONE_BY_ONE } from "../placement/neighbourhood";
import { counted, poolTitles } from "../placement/pool-words";
import { type Admission, admitted, admittedAtOnce, inOrder, isAdmittedInGoes } from "../placement/queue-choice";
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
    return false;
  }

  /** What keeps a queue from admitting sets together; nothing where it does, and their pods wait for nodes alone. */
  private admit(turn: Turn): readonly Exhausted[] {
    if (turn.admissions !== undefined) return [];
    const result = admitted(
      turn.sets.map(({ entry }) => entry),
      this.budget,
    );
    if (!Array.isArray(result)) return result.exhausted;
    turn.admissions = result;
    for (const set of turn.sets) {
      const { variant, pods } = admissionOf(set);
      set.pending.set(variant, set.entry.queue === undefined ? set.pods : Math.min(set.pods, pods));
    }
    return [];
  }

  private placeAdmitted(sets: readonly PackedSet[], isRuled: boolean): boolean {
    const [only] = sets as [PackedSet];
    if (sets.length === 1 && admissionOf(only).variant.pod.affinity.length > 0) return this.placeDrawn(only);
    const members = sets.map((set) => ({ ...admissionOf(set).variant, pods: set.entry.set.minCount }));
    const following = sets.length === 1 ? pendingOf(only, admissionOf(only).variant) : undefined;
    if (!this.placer.putTogether(members, isRuled, following)) return false;
    for (const set of sets) this.count(set, admissionOf(set).variant, set.entry.set.minCount);
    return true;
  }

  /**
   * Places all pods of a set that must be near each other in one go, as the place of the first decides what room there
   * is for the others; none where that is less than must run.
   */
  private placeDrawn(set: PackedSet): boolean {
    const { entry } = set;
    const { variant } = admissionOf(set);
    this.admitMore(set, variant);
    const left = this.budget.left(entry.limits, variant.pod.requests).pods;
    const placed = this.placer.putAtLeast(variant, Math.min(pendingOf(set, variant), left), entry.set.minCount);
    this.count(set, variant, placed);
    return placed > 0;
  }

  /** Places what a set has beyond the pods that must run together, as far as there is room. */
  private placeRest(set: PackedSet): void {
    const { entry } = set;
    const { variant: first } = admissionOf(set);
    const isCut = () => first.kind.isRuled && set.placed >= ONE_BY_ONE;
    let isRoom = true;
    if (!isCut()) {
      for (const variant of inOrder(entry, admittedAtOnce(entry.set).most, this.budget)) {
        this.admitMore(set, variant);
        isRoom = this.placePending(set, variant) && isRoom;
      }
    }
    if (isCut()) set.reason = CUT;
    else set.reason = provenReason(set) ?? (isRoom ? this.exhausted(set) : set.reason);
  }

  /**
   * Admits more pods of a set that is admitted in several goes, as far as quotas of a way of being admitted are left; those
   * that are admitted together whole. They keep their quota while they wait for nodes.
   */
  private admitMore(set: PackedSet, variant: Variant): void {
    const { entry, pods, placed } = set;
    if (!isAdmittedInGoes(entry)) return;
    const { most } = admittedAtOnce(entry.set);
    const before = [...set.pending.values()].reduce((sum, each) => sum + each, placed);
    const left = Math.min(pods - before, this.budget.left(variant.limits, variant.pod.requests).pods);
    const more = Math.floor(left / most) * most;
    this.budget.take(variant.limits, { requests: variant.pod.requests, pods: more });
    set.pending.set(variant, pendingOf(set, variant) + more);
  }

  /** What of each way of being admitted is used up. */
  private exhausted({ entry: { variants } }: PackedSet): string {
    const by = variants.flatMap(({ limits, pod }) => this.budget.left(limits, pod.requests).by ?? []);
    return by.map(exhaustedWords).join("; ");
  }

  /** Places pods that are admitted and have no node yet; returns whether all find room that quotas of their namespace leave. */
  private placePending(set: PackedSet, variant: Variant): boolean {
    const wanted = pendingOf(set, variant);
    if (wanted === 0) return true;
    const { limits } = set.entry;
    const allowed = Math.min(wanted, this.budget.left(limits, variant.pod.requests).pods);
    const placed = this.placer.put(variant, allowed);
    this.count(set, variant, placed);
    if (placed < allowed) set.reason = noRoom(set, variant);
    else if (allowed < wanted) set.reason = exhaustedWords(this.budget.left(limits, variant.pod.requests).by!);
    return placed === wanted;
  }

  private count(set: PackedSet, variant: Variant, pods: number): void {
    set.placed += pods;
    set.pending.set(variant, pendingOf(set, variant) - pods);
    this.budget.take(set.entry.limits, { requests: set.entry.set.pod.requests, pods });
  }
}

function pendingOf({ pending }: PackedSet, variant: Variant): number {
  return pending.get(variant) ?? 0;
}

/** How the queue of a set admits it. */
function admissionOf({ turn, entry }: PackedSet): Admission {
  return turn.admissions!.find((admission) => admission.entry === entry)!;
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
