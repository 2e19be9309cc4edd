import { mayLetIn, doubtOf, Doubts, type Doubt } from "./doubt";
import type { Ground, GroundMix } from "./ground";
import type { MixCapacities } from "./mix-capacities";
import { once } from "./once";
import type { PodKind, Where } from "./pod-kind";
import { PoolLists, times, type PoolList } from "./pool-list";
import { Shortages } from "./shortages";

/** What the pools are to pods of one kind, as far as each node by itself decides. */
export interface Outcome {
  /** Pool by pool. There may be a million of them in a stack, so they are listed only where they are looked at. */
  listed: () => PoolList;
  /** Pods that certainly can run at once. */
  certain: number;
  /** Pods that can run at once if all that is not known is in their favour. */
  possible: number;
  /** Whether a pool that takes none, as far as is known, may take some after all. */
  isOpen: boolean;
  /** Why it is not known how many can run at once; undefined where it is. */
  doubt: Doubt | undefined;
  /** Pools that take some as far as is known, and about which there is a doubt. */
  doubtful: ReadonlySet<Ground>;
}

/** What is counted of the grounds one after the other. */
type Tally = Pick<Outcome, "certain" | "possible" | "isOpen" | "doubt"> & { doubtful: Set<Ground> };

/** Works out what the pools are to pods, once for each kind. */
export class Outcomes {
  private readonly known = new Map<PodKind, Outcome>();
  private readonly looked = new Map<Where, readonly Ground[]>();
  private readonly doubts = new Doubts();
  private readonly shortages = new Shortages();
  private readonly lists: PoolLists;

  constructor(
    private readonly grounds: readonly Ground[],
    private readonly mixes: MixCapacities,
  ) {
    this.lists = new PoolLists(grounds, mixes, this.shortages);
  }

  /** What the pools are to pods of a kind. */
  of(kind: PodKind): Outcome {
    const known = this.known.get(kind);
    if (known !== undefined) return known;
    const outcome = this.outcomeOf(kind);
    this.known.set(kind, outcome);
    return outcome;
  }

  private outcomeOf(kind: PodKind): Outcome {
    const isOpen = this.grounds.length === 0;
    const tally: Tally = { certain: 0, possible: 0, isOpen, doubt: isOpen ? NO_POOLS : undefined, doubtful: new Set() };
    let counted: GroundMix | undefined;
    for (const ground of this.groundsFor(kind.where)) {
      if (ground.mix === undefined) this.count(kind, ground, tally);
      else if (ground.mix !== counted) this.countMix(kind, (counted = ground.mix), tally);
    }
    return { ...tally, listed: once(() => this.lists.of(kind)), possible: tally.isOpen ? Infinity : tally.possible };
  }

  /** Grounds that let pods in, or may do so as far as is known: of all others nothing counts. */
  private groundsFor(where: Where): readonly Ground[] {
    const known = this.looked.get(where);
    if (known !== undefined) return known;
    const found = this.grounds.filter((ground) => {
      const admission = where.admissions[ground.number]!;
      return admission.zones.length > 0 || mayLetIn(admission, ground);
    });
    this.looked.set(where, found);
    return found;
  }

  private count(kind: PodKind, ground: Ground, tally: Tally): void {
    const perNode = kind.perNode[ground.number]!;
    tally.certain += times(perNode, this.sureNodes(kind, ground, tally));
    tally.possible += times(perNode, kind.where.admissions[ground.number]!.nodes);
  }

  /** Nodes of several types share the limits of their pool, so that not all of them can be there at once. */
  private countMix(kind: PodKind, mix: GroundMix, tally: Tally): void {
    const perNode = ({ number }: Ground) => kind.perNode[number]!;
    const unsure = new Set<Ground>();
    let each = 0;
    for (const ground of mix.grounds) {
      each += times(perNode(ground), kind.where.admissions[ground.number]!.nodes);
      if (this.sureNodes(kind, ground, tally) === 0) unsure.add(ground);
    }
    tally.possible += Math.min(this.mixes.of(mix, perNode).bound, each);
    const surely = (ground: Ground) => (unsure.has(ground) ? 0 : perNode(ground));
    tally.certain += Math.min(this.mixes.of(mix, surely).most, each);
  }

  /** Nodes that certainly take pods of a kind; why these are not all is noted. */
  private sureNodes(kind: PodKind, ground: Ground, tally: Tally): number {
    const admission = kind.where.admissions[ground.number]!;
    const { unknowns } = ground.pool;
    if (kind.perNode[ground.number]! > 0) {
      if (unknowns.length === 0 && kind.pod.unknownPaths.length === 0) return admission.nodes;
      const { nodes, doubt } = this.doubts.sureNodes(kind, ground, admission.nodes);
      if (doubt !== undefined) tally.doubtful.add(ground);
      tally.doubt ??= doubt;
      return nodes;
    }
    if (admission.openLabel === undefined && unknowns.length === 0) return 0;
    const doubt = doubtOf(admission, ground, this.shortages.of(kind, ground));
    tally.isOpen ||= doubt !== undefined;
    tally.doubt ??= doubt;
    return 0;
  }
}

/** Stacks without a pool are of workloads for a cluster that is there already. */
const NO_POOLS: Doubt = { reason: "nothing tells on which nodes it runs" };
