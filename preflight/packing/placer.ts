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
    this.observe();
    const undo = this.marked();
    const placed = this.put(subject, pods);
    if (placed >= least) return placed;
    undo();
    return 0;
  }

  /** Puts all of several sets somewhere, or none of them; returns whether that was found. */
  putTogether(members: readonly Companion[], isRuled: boolean): boolean {
    const isMinded = isRuled || members.some(({ pod }) => this.neighbourhood?.isMinded(pod) === true);
    if (isMinded) this.observe();
    const undo = this.marked();
    const isFound =
      isMinded || members.length === 1
        ? drawnLast(members).every((member) => this.put(member, member.pods) === member.pods)
        : placeTogether(this.fleet, members) === "found";
    if (!isFound) undo();
    return isFound;
  }

  /** What takes back all that is done from now on. */
  private marked(): () => void {
    const mark = this.fleet.mark();
    const minded = this.neighbourhood?.mark();
    return () => {
      this.fleet.undo(mark);
      if (minded !== undefined) this.neighbourhood?.undo(minded);
    };
  }

  /** Tells nodes apart for good, so that no attempt which fails has to do so again. */
  private observe(): Neighbourhood {
    this.neighbourhood ??= new Neighbourhood(this.fleet, this.stack.entries.podOf, this.stack.namespaceLabels);
    this.neighbourhood.observe();
    this.fleet.settle();
    return this.neighbourhood;
  }
}
