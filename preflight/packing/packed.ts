import type { Compiled } from "../placement/compiled";
import { Fleet } from "../placement/fleet";
import { Neighbourhood, ONE_BY_ONE, type Companion, type Subject } from "../placement/neighbourhood";
import { counted, poolTitles } from "../placement/pool-words";
import type { PlacementProof } from "../placement/proof";
import { drawnLast, placeTogether } from "../placement/together";
import { Budget, exhaustedWords } from "./budget";
import { leastByPool } from "./least";
import { mayRun, unitsOf, type PackedSet, type Unit } from "./units";

/** Pools and sets after everything that may run at once was placed. */
export interface Packed {
  fleet: Fleet;
  sets: readonly PackedSet[];
}

/** Places everything that may run at once, each unit where it fits first. */
export function packed(stack: Compiled, proofs: readonly PlacementProof[]): Packed {
  const units = unitsOf(stack.entries.all, proofs);
  const packer = new Packer(stack);
  // Pods that must be near others find them only once these have been placed.
  const late = units.filter((unit) => !packer.place(unit) && unit.isDrawn);
  for (const unit of late) packer.place(unit);
  return { fleet: packer.fleet, sets: units.flatMap(({ sets }) => sets) };
}

class Packer {
  readonly fleet: Fleet;
  private readonly budget = new Budget();
  private neighbourhood: Neighbourhood | undefined;

  constructor(private readonly stack: Compiled) {
    const least = leastByPool(stack.grounds, stack.entries.kinds());
    this.fleet = new Fleet(stack.grounds, ({ number }) => least[number]!);
  }

  /** Places a unit, or as much of it as there is room for; returns whether that is all of it. */
  place(unit: Unit): boolean {
    if (!mayRun(unit)) {
      for (const set of unit.sets) set.reason = set.proof?.reason ?? "";
      return true;
    }
    if (unit.sets.some(({ placed }) => placed === 0) && !this.placeLeast(unit)) return false;
    for (const set of unit.sets) this.placeRest(set);
    this.fleet.settle();
    return unit.sets.every(({ pods, placed }) => placed === pods);
  }

  /** Places as many pods of each set as must run together, all or none. */
  private placeLeast({ sets, isRuled }: Unit): boolean {
    const limits = sets[0]!.entry.limits;
    const asking = sets.map(({ entry }) => ({ requests: entry.set.pod.requests, pods: entry.set.minCount }));
    const exhausted = this.budget.exceeded(limits, asking);
    if (exhausted !== undefined) {
      for (const set of sets) set.reason = exhaustedWords(exhausted);
      return false;
    }
    if (this.placeIn(sets, isRuled)) return true;
    for (const set of sets) set.reason = noRoom(set, 0);
    return false;
  }

  /** Tries the ways in which the queue can admit the sets, for one set that of which most pods find room foremost. */
  private placeIn(sets: readonly PackedSet[], isRuled: boolean): boolean {
    const ways = Math.max(...sets.map(({ entry }) => entry.variants.length));
    const [only] = sets;
    const order = Array.from({ length: ways }, (_, way) => way);
    if (ways > 1 && sets.length === 1) {
      const room = order.map((way) => this.roomFor(only!, only!.entry.variants[way]!));
      order.sort((a, b) => room[b]! - room[a]!);
    }
    for (const way of order) {
      const members = sets.map(({ entry }) => ({
        ...entry.variants[Math.min(way, entry.variants.length - 1)]!,
        pods: entry.set.minCount,
      }));
      const [drawn] = members;
      if (drawn !== undefined && members.length === 1 && drawn.pod.affinity.length > 0) {
        if (this.placeDrawn(only!, drawn)) return true;
        continue;
      }
      if (!this.tryAll(members, isRuled, sets.length === 1 ? only!.pods : undefined)) continue;
      sets.forEach((set, index) => {
        this.count(set, members[index]!, members[index]!.pods);
      });
      return true;
    }
    return false;
  }

  /**
   * Places all pods of a set that must be near each other in one go, as the place of the first decides what room there
   * is for the others; none where that is less than must run.
   */
  private placeDrawn(set: PackedSet, subject: Subject): boolean {
    const { entry, pods } = set;
    const neighbourhood = this.observe();
    const marks = [this.fleet.mark(), neighbourhood.mark()] as const;
    const placed = this.put(subject, Math.min(pods, this.budget.left(entry.limits, entry.set.pod.requests).pods));
    if (placed < entry.set.minCount) {
      this.fleet.undo(marks[0]);
      neighbourhood.undo(marks[1]);
      return false;
    }
    this.count(set, subject, placed);
    return true;
  }

  /** Pods of a set that would find a place now. */
  private roomFor({ entry, pods }: PackedSet, subject: Subject): number {
    const allowed = Math.min(pods, this.budget.left(entry.limits, entry.set.pod.requests).pods);
    if (subject.kind.isRuled) this.observe();
    const marks = [this.fleet.mark(), this.neighbourhood?.mark()] as const;
    const room = this.put(subject, allowed);
    this.fleet.undo(marks[0]);
    if (marks[1] !== undefined) this.neighbourhood?.undo(marks[1]);
    return room;
  }

  private tryAll(members: readonly Companion[], isRuled: boolean, following?: number): boolean {
    const isMinded = isRuled || members.some(({ pod }) => this.neighbourhood?.isMinded(pod) === true);
    if (isMinded) this.observe();
    const mark = this.fleet.mark();
    if (!isMinded && members.length > 1) {
      if (placeTogether(this.fleet, members) === "found") return true;
      this.fleet.undo(mark);
      return false;
    }
    const minded = this.neighbourhood?.mark();
    if (drawnLast(members).every((member) => this.put(member, member.pods, following) === member.pods)) return true;
    this.fleet.undo(mark);
    if (minded !== undefined) this.neighbourhood?.undo(minded);
    return false;
  }

  /** Tells nodes apart for good, so that no attempt which fails has to do so again. */
  private observe(): Neighbourhood {
    this.neighbourhood ??= new Neighbourhood(this.fleet, this.stack.entries.podOf, this.stack.namespaceLabels);
    this.neighbourhood.observe();
    this.fleet.settle();
    return this.neighbourhood;
  }

  /** Places what a set has beyond the pods that must run together, as far as there is room. */
  private placeRest(set: PackedSet): void {
    const { entry, subject } = set;
    const wanted = set.pods - set.placed;
    if (wanted <= 0 || subject === undefined) return;
    const left = () => this.budget.left(entry.limits, entry.set.pod.requests);
    const allowed = Math.min(wanted, left().pods);
    const placed = this.put(subject, allowed);
    this.count(set, subject, placed);
    if (placed === ONE_BY_ONE && placed < allowed) set.reason = CUT;
    else if (placed < allowed) set.reason = noRoom(set, set.placed);
    else if (allowed < wanted) set.reason = exhaustedWords(left().by!);
  }

  private put(subject: Subject, pods: number, following = pods): number {
    if (subject.kind.isRuled || this.neighbourhood?.isMinded(subject.pod) === true) {
      return (this.neighbourhood ?? this.observe()).place(subject, pods, "even", [], following);
    }
    return this.fleet.place(subject.set, subject.kind, pods, following);
  }

  private count(set: PackedSet, subject: Subject, pods: number): void {
    set.placed += pods;
    set.subject = subject;
    this.budget.take(set.entry.limits, { requests: set.entry.set.pod.requests, pods });
  }
}

const CUT = `of pods with rules between them, ${ONE_BY_ONE} are placed, and the rest is left out`;

/** Why pods wait for which no node has room: what holds without all others too, or that these take the room. */
function noRoom({ entry, proof, pods }: PackedSet, placed: number): string {
  if (proof !== undefined && proof.reason !== "" && proof.atOnce <= placed) return proof.reason;
  const pools = entry.variants.flatMap(({ kind }) => kind.order.map(({ pool }) => pool));
  const on = poolTitles([...new Set(pools)]);
  if (placed > 0) return `what else runs leaves room for ${placed} of ${counted(pods, "pod")} on ${on}`;
  return `what else runs leaves no room for ${entry.gang === undefined ? "it" : "its gang"} on ${on}`;
}
