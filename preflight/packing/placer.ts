import type { Compiled } from "../placement/compiled";
import type { Fleet } from "../placement/fleet";
import { Neighbourhood } from "../placement/neighbourhood";
import type { Companion, Subject } from "../placement/subject";
import { drawnLast, placeTogether } from "../placement/together";

/** Nodes on which pods are put, with regard to what is near them where any of them minds that. */
export class Placer {
  private neighbourhood: Neighbourhood | undefined;

  constructor(
    private readonly fleet: Fleet,
    private readonly stack: Compiled,
  ) {}

  /**
   * Puts up to so many pods somewhere; returns how many found a place.
   *
   * @param following pods of the set for which machines are chosen, where more of them are put somewhere later.
   */
  put(subject: Subject, pods: number, following = pods): number {
    if (subject.kind.isRuled || this.neighbourhood?.isMinded(subject.pod) === true) {
      return (this.neighbourhood ?? this.observe()).place(subject, pods, "even", [], following);
    }
    return this.fleet.place(subject.set, subject.kind, pods, following);
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

  /**
   * Puts all of several sets somewhere, or none of them; returns whether that was found.
   *
   * @param following as for {@link put}, where there is one set.
   */
  putTogether(members: readonly Companion[], isRuled: boolean, following?: number): boolean {
    const isMinded = isRuled || members.some(({ pod }) => this.neighbourhood?.isMinded(pod) === true);
    if (isMinded) this.observe();
    const undo = this.marked();
    const isFound =
      isMinded || members.length === 1
        ? drawnLast(members).every((member) => this.put(member, member.pods, following) === member.pods)
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
