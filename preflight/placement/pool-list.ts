import type { Obstacle } from "../scheduling/obstacle";
import { distance } from "./closeness";
import type { Ground } from "./ground";
import type { MixCapacities } from "./mix-capacities";
import type { PodKind, Where } from "./pod-kind";
import type { PoolVerdict } from "./proof";
import type { Shortages } from "./shortages";

/** What each pool is to pods of one kind. */
export interface PoolList {
  /**
   * Pools that take some first, in the order of the plan, then the others, the closest first; a pool of several types as
   * the type that suits the pods best.
   */
  verdicts: readonly PoolVerdict[];
  /** The pool that is closest to taking one among those that take none; undefined where every pool takes some. */
  closest: Ground | undefined;
}

/** Why empty nodes of some pools take no pods of a kind. */
interface Refusal {
  obstacles: readonly Obstacle[];
  distance: number;
}

/** A pool, or one of its types of machines, that takes no pods of a kind. */
interface Refusing extends Refusal {
  ground: Ground;
}

/** Pods on nodes, of which there may be any number. */
export function times(perNode: number, nodes: number): number {
  return perNode === 0 || nodes === 0 ? 0 : perNode * nodes;
}

/** Lists pools with what keeps pods of a kind from each. */
export class PoolLists {
  /** The grounds of each pool. */
  private readonly pools: Ground[][] = [];
  private readonly distances = new Map<readonly Obstacle[], number>();
  private readonly refusals = new Map<Where, (PoolVerdict | undefined)[]>();

  constructor(
    grounds: readonly Ground[],
    private readonly mixes: MixCapacities,
    private readonly shortages: Shortages,
  ) {
    for (const ground of grounds) (this.pools[ground.owner] ??= []).push(ground);
  }

  /** What each pool is to pods of a kind. */
  of(kind: PodKind): PoolList {
    const takers: PoolVerdict[] = [];
    const refused = new Map<number, PoolVerdict[]>();
    const combined = new Map<readonly Obstacle[], Refusal[]>();
    let closest: Refusing | undefined;
    for (const types of this.pools) {
      const taker = this.takerOf(kind, types);
      if (taker !== undefined) {
        takers.push(taker);
        continue;
      }
      let own: Refusing | undefined;
      for (const ground of types) own = closer(own, this.refusingOf(kind, ground, combined));
      closest = closer(closest, own!);
      const verdict = this.verdictOf(kind, own!);
      const alike = refused.get(own!.distance);
      if (alike === undefined) refused.set(own!.distance, [verdict]);
      else alike.push(verdict);
    }
    const inOrder = [...refused].sort(([a], [b]) => a - b).flatMap(([, verdicts]) => verdicts);
    return { verdicts: takers.length === 0 ? inOrder : takers.concat(inOrder), closest: closest?.ground };
  }

  /** What a pool takes; undefined where none of its types takes any. */
  private takerOf(kind: PodKind, types: readonly Ground[]): PoolVerdict | undefined {
    const [{ pool, mix, number }] = types as [Ground];
    const perNode = (ground: Ground) => kind.perNode[ground.number]!;
    const nodes = (ground: Ground) => kind.where.admissions[ground.number]!.nodes;
    if (mix === undefined) {
      const pods = kind.perNode[number]!;
      if (pods === 0) return undefined;
      const atOnce = times(pods, kind.where.admissions[number]!.nodes);
      return { pool: pool.name, perNode: pods, atOnce, obstacles: NONE };
    }
    let first: Ground | undefined;
    let most = 0;
    let all = 0;
    for (const ground of types) {
      const pods = perNode(ground);
      if (pods > 0 && nodes(ground) > 0 && (first === undefined || ground.rank < first.rank)) first = ground;
      most = Math.max(most, pods);
      all += times(pods, nodes(ground));
    }
    if (first === undefined) return undefined;
    const atOnce = Math.min(this.mixes.of(mix, perNode).bound, all);
    return { pool: pool.name, ...typeOf(first), perNode: most, atOnce, obstacles: NONE };
  }

  /** Pools that let pods in, or keep them out, alike, and whose machines are alike, refuse them alike. */
  private refusingOf(kind: PodKind, ground: Ground, combined: Map<readonly Obstacle[], Refusal[]>): Refusing {
    const { obstacles } = kind.where.admissions[ground.number]!;
    const short = this.shortages.of(kind, ground);
    if (short.length === 0) return { ground, obstacles, distance: this.distanceOf(obstacles) };
    const known = combined.get(obstacles) ?? [];
    combined.set(obstacles, known);
    const refusal = (known[ground.machine] ??= {
      obstacles: obstacles.length === 0 ? short : [...obstacles, ...short],
      distance: this.distanceOf(obstacles) + distance(short),
    });
    return { ground, ...refusal };
  }

  private distanceOf(obstacles: readonly Obstacle[]): number {
    const known = this.distances.get(obstacles);
    if (known !== undefined) return known;
    const far = distance(obstacles);
    this.distances.set(obstacles, far);
    return far;
  }

  /** Refusals for the same reasons are one object, as there may be a million of them. */
  private verdictOf({ where }: PodKind, { ground, obstacles }: Refusing): PoolVerdict {
    if (where.admissions[ground.number]!.obstacles !== obstacles) return refusal(ground, obstacles);
    const known = this.refusals.get(where) ?? [];
    this.refusals.set(where, known);
    return (known[ground.number] ??= refusal(ground, obstacles));
  }
}

const NONE: readonly Obstacle[] = [];

/** A distance of amounts that are no numbers is none: such a pool is closer than those before it. */
function closer(one: Refusing | undefined, other: Refusing): Refusing {
  return one === undefined || !(other.distance >= one.distance) ? other : one;
}

function refusal(ground: Ground, obstacles: readonly Obstacle[]): PoolVerdict {
  return { pool: ground.pool.name, ...typeOf(ground), perNode: 0, atOnce: 0, obstacles };
}

/** The instance type, where the pool has several. */
function typeOf({ instanceType }: Ground): Pick<PoolVerdict, "instanceType"> {
  return instanceType === undefined ? {} : { instanceType };
}
