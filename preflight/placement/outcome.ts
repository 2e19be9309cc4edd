import type { PlannedPool, PoolUnknown } from "../pools/planned-pool";
import { resourceObstacles } from "../scheduling/filters/resources";
import { ObstacleKind, type Obstacle } from "../scheduling/obstacle";
import type { Admission } from "./admission";
import { distance } from "./closeness";
import type { Ground, GroundMix } from "./ground";
import { MixCapacities } from "./mix-capacities";
import type { PodKind, Where } from "./pod-kind";
import { poolTitle } from "./pool-words";
import type { PoolVerdict } from "./proof";
import type { Demand } from "./resource-numbers";
import { barredBy, barredByPod, liftedBy, sizeUnknown } from "./unknowns";

/** Why it is not known whether, or how many, pods a pool takes. */
export interface Doubt {
  /** As a sentence without a period. */
  reason: string;
  /** Path inside the pod template, where it is the pods of which something is not known. */
  path?: string;
}

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

/** Why empty nodes of some pools take no pods of a kind. */
interface Refusal {
  obstacles: readonly Obstacle[];
  distance: number;
}

/** Works out what the pools are to pods, once for each kind. */
export class Outcomes {
  private readonly known = new Map<PodKind, Outcome>();
  private readonly shortages = new Map<Demand, (readonly Obstacle[])[]>();
  private readonly distances = new Map<readonly Obstacle[], number>();
  private readonly refusals = new Map<Where, (PoolVerdict | undefined)[]>();
  private readonly mixes = new MixCapacities();

  private readonly hasMixes: boolean;

  constructor(private readonly grounds: readonly Ground[]) {
    this.hasMixes = grounds.some(({ mix }) => mix !== undefined);
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
    for (const ground of this.grounds) {
      if (ground.mix !== undefined) {
        if (ground.mix.grounds[0] === ground) this.countMix(kind, ground.mix, tally);
        continue;
      }
      const perNode = kind.perNode[ground.number]!;
      tally.certain += times(perNode, this.sureNodes(kind, ground, tally));
      if (perNode > 0) tally.possible += times(perNode, kind.where.admissions[ground.number]!.nodes);
    }
    return { ...tally, listed: once(() => this.listed(kind)), possible: tally.isOpen ? Infinity : tally.possible };
  }

  /** Nodes of several types share the limits of their pool, so that not all of them can be there at once. */
  private countMix(kind: PodKind, mix: GroundMix, tally: Tally): void {
    const perNode = ({ number }: Ground) => kind.perNode[number]!;
    const nodes = ({ number }: Ground) => kind.where.admissions[number]!.nodes;
    const sure = new Map(mix.grounds.map((ground) => [ground, this.sureNodes(kind, ground, tally)]));
    const each = mix.grounds.reduce((sum, ground) => sum + times(perNode(ground), nodes(ground)), 0);
    const { bound } = this.mixes.of(mix, (ground) => (nodes(ground) > 0 ? perNode(ground) : 0));
    tally.possible += Math.min(bound, each);
    tally.certain += Math.min(this.mixes.of(mix, (ground) => (sure.get(ground)! > 0 ? perNode(ground) : 0)).most, each);
  }

  /** Nodes that certainly take pods of a kind; why these are not all is noted. */
  private sureNodes(kind: PodKind, ground: Ground, tally: Tally): number {
    const admission = kind.where.admissions[ground.number]!;
    const { unknowns } = ground.pool;
    if (kind.perNode[ground.number]! > 0) {
      if (unknowns.length === 0 && kind.pod.unknownPaths.length === 0) return admission.nodes;
      const { nodes, doubt } = sureNodes(kind, ground, admission.nodes);
      if (doubt !== undefined) tally.doubtful.add(ground);
      tally.doubt ??= doubt;
      return nodes;
    }
    if (admission.openLabel === undefined && unknowns.length === 0) return 0;
    const doubt = doubtOf(admission, ground, this.shortageOf(kind, ground));
    tally.isOpen ||= doubt !== undefined;
    tally.doubt ??= doubt;
    return 0;
  }

  private listed(kind: PodKind): PoolList {
    const takers: PoolVerdict[] = [];
    const refused = new Map<number, PoolVerdict[]>();
    const combined = new Map<readonly Obstacle[], Refusal[]>();
    let closest: Ground | undefined;
    let nearest = Infinity;
    for (const ground of this.grounds) {
      const { mix } = ground;
      const taker = mix === undefined ? takerOf(kind, ground) : this.mixTakerOf(kind, mix);
      if (taker !== undefined) {
        if (mix === undefined || mix.grounds[0] === ground) takers.push(taker);
        continue;
      }
      const admission = kind.where.admissions[ground.number]!;
      const short = this.shortageOf(kind, ground);
      const { obstacles, distance } = this.refusalOf(admission.obstacles, short, ground, combined);
      // A distance of amounts that are no numbers is none either.
      if (!(distance >= nearest)) [nearest, closest] = [distance, ground];
      const verdict = short.length === 0 ? this.verdictOf(kind, ground, obstacles) : refusal(ground, obstacles);
      const alike = refused.get(distance);
      if (alike === undefined) refused.set(distance, [verdict]);
      else alike.push(verdict);
    }
    const inOrder = [...refused].sort(([a], [b]) => a - b).flatMap(([, verdicts]) => verdicts);
    const closestFirst = this.hasMixes ? firstOfEach(inOrder) : inOrder;
    return { verdicts: takers.length === 0 ? closestFirst : takers.concat(closestFirst), closest };
  }

  /** What a pool takes of whose types some take any; undefined where none does. */
  private mixTakerOf(kind: PodKind, mix: GroundMix): PoolVerdict | undefined {
    const first = kind.order.find((ground) => ground.mix === mix);
    if (first === undefined) return undefined;
    const perNode = ({ number }: Ground) => kind.perNode[number]!;
    const { bound } = this.mixes.of(mix, perNode);
    const all = mix.grounds.reduce(
      (sum, ground) => sum + times(perNode(ground), kind.where.admissions[ground.number]!.nodes),
      0,
    );
    return {
      pool: first.pool.name,
      ...typeOf(first),
      perNode: Math.max(...mix.grounds.map(perNode)),
      atOnce: Math.min(bound, all),
      obstacles: NONE,
    };
  }

  /** Pools that let pods in, or keep them out, alike, and whose machines are alike, refuse them alike. */
  private refusalOf(
    obstacles: readonly Obstacle[],
    short: readonly Obstacle[],
    { machine }: Ground,
    combined: Map<readonly Obstacle[], Refusal[]>,
  ): Refusal {
    if (short.length === 0) return { obstacles, distance: this.distanceOf(obstacles) };
    const known = combined.get(obstacles) ?? [];
    combined.set(obstacles, known);
    return (known[machine] ??= {
      obstacles: obstacles.length === 0 ? short : [...obstacles, ...short],
      distance: this.distanceOf(obstacles) + distance(short),
    });
  }

  private distanceOf(obstacles: readonly Obstacle[]): number {
    const known = this.distances.get(obstacles);
    if (known !== undefined) return known;
    const far = distance(obstacles);
    this.distances.set(obstacles, far);
    return far;
  }

  /** Refusals for the same reasons are one object, as there may be a million of them. */
  private verdictOf({ where }: PodKind, ground: Ground, obstacles: readonly Obstacle[]): PoolVerdict {
    const known = this.refusals.get(where) ?? [];
    this.refusals.set(where, known);
    return (known[ground.number] ??= refusal(ground, obstacles));
  }

  private shortageOf({ pod, demand }: PodKind, { machine, pool }: Ground): readonly Obstacle[] {
    const known = this.shortages.get(demand) ?? [];
    this.shortages.set(demand, known);
    return (known[machine] ??= resourceObstacles(pod, pool.free));
  }
}

const NONE: readonly Obstacle[] = [];

/** Stacks without a pool are of workloads for a cluster that is there already. */
const NO_POOLS: Doubt = { reason: "nothing tells on which nodes it runs" };

/** Makes something when it is asked for first. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Pods on nodes, of which there may be any number. */
function times(perNode: number, nodes: number): number {
  return perNode === 0 || nodes === 0 ? 0 : perNode * nodes;
}

function takerOf(kind: PodKind, { number, pool }: Ground): PoolVerdict | undefined {
  const perNode = kind.perNode[number]!;
  if (perNode === 0) return undefined;
  return { pool: pool.name, perNode, atOnce: times(perNode, kind.where.admissions[number]!.nodes), obstacles: NONE };
}

function refusal(ground: Ground, obstacles: readonly Obstacle[]): PoolVerdict {
  return { pool: ground.pool.name, ...typeOf(ground), perNode: 0, atOnce: 0, obstacles };
}

/** The instance type, where the pool has several. */
function typeOf({ instanceType }: Ground): Pick<PoolVerdict, "instanceType"> {
  return instanceType === undefined ? {} : { instanceType };
}

/** The first verdict of each pool: of several types of machines the closest one. */
function firstOfEach(verdicts: readonly PoolVerdict[]): PoolVerdict[] {
  const seen = new Set<string>();
  return verdicts.filter(({ pool }) => !seen.has(pool) && seen.add(pool));
}

/** Nodes of a pool that certainly take the pods, and why these are not all. */
function sureNodes({ pod }: PodKind, { pool, sites }: Ground, nodes: number): { nodes: number; doubt?: Doubt } {
  const path = barredByPod(pod.unknownPaths, sites[0]!);
  if (path !== undefined) {
    return { nodes: 0, doubt: { reason: `${path} is not known yet, and may decide where it can run`, path } };
  }
  const bar = barredBy(pool);
  if (bar !== undefined) return { nodes: 0, doubt: { reason: takesUnknown(pool, bar) } };
  const size = sizeUnknown(pool);
  if (size === undefined) return { nodes };
  const doubt = { reason: `how large ${poolTitle(pool)} can be is not known: ${size.reason}` };
  return { nodes: Math.min(nodes, pool.minNodes), doubt };
}

/** Why pods may be taken although there are obstacles as far as is known; undefined where they certainly are not. */
function doubtOf({ obstacles, openLabel }: Admission, { pool }: Ground, short: readonly Obstacle[]): Doubt | undefined {
  if (pool.unknowns.length === 0 && openLabel === undefined) return undefined;
  let reason: string | undefined;
  for (const obstacle of [...obstacles, ...short]) {
    const lifted = liftedBy(obstacle, pool);
    const isLabel = obstacle.kind === ObstacleKind.nodeAffinity && openLabel !== undefined;
    if (lifted === undefined && !isLabel) return undefined;
    reason ??=
      lifted === undefined
        ? `whether nodes of ${poolTitle(pool)} have the label ${openLabel} that it selects is told by nothing`
        : takesUnknown(pool, lifted);
  }
  return reason === undefined ? undefined : { reason };
}

function takesUnknown(pool: PlannedPool, { reason }: PoolUnknown): string {
  return `whether ${poolTitle(pool)} takes it is not known: ${reason}`;
}
