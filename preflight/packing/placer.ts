import type { Compiled } from "../placement/compiled";
import type { Fleet } from "../placement/fleet";
import { Neighbourhood, type Companion, type Subject } from "../placement/neighbourhood";
import { drawnLast, placeTogether } from "../placement/together";

/** Nodes on which pods are put, with regard to what is near them where any of them minds that. */
export class Placer {
  private neighbourhood: Neighbourhood | undefined;

  constructor(
    private readonly fleet: Fleet,
    private readonly stack: Compiled,
  ) {}

  /** Puts up to so many pods somewhere; returns how many found a place. */
  put(subject: Subject, pods: number): number {
    if (subject.kind.isRuled || this.neighbourhood?.isMinded(subject.pod) === true) {
      return (this.neighbourhood ?? this.observe()).place(subject, pods, "even");
    }
    return this.fleet.place(subject.set, subject.kind, pods);
  }

  /** The same, but none where they are fewer than must run. */
  putAtLeast(subject: Subject, pods: number, least: number): number {
    const neighbourhood = this.observe();
    const marks = [this.fleet.mark(), neighbourhood.mark()] as const;
    const placed = this.put(subject, pods);
    if (placed >= least) return placed;
    this.fleet.undo(marks[0]);
    neighbourhood.undo(marks[1]);
    return 0;
  }

  /** Puts all of several sets somewhere, or none of them; returns whether that was found. */
  putTogether(members: readonly Companion[], isRuled: boolean): boolean {
    const isMinded = isRuled || members.some(({ pod }) => this.neighbourhood?.isMinded(pod) === true);
    if (isMinded) this.observe();
    const mark = this.fleet.mark();
    if (!isMinded && members.length > 1) {
      if (placeTogether(this.fleet, members) === "found") return true;
      this.fleet.undo(mark);
      return false;
    }
    const minded = this.neighbourhood?.mark();
    if (drawnLast(members).every((member) => this.put(member, member.pods) === member.pods)) return true;
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
}
