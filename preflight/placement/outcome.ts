import type { PlannedPool, PoolUnknown } from "../pools/planned-pool";
import { resourceObstacles } from "../scheduling/filters/resources";
import { ObstacleKind, type Obstacle } from "../scheduling/obstacle";
import type { Admission } from "./admission";
import { distance } from "./closeness";
import type { Ground } from "./ground";
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
  /** Pools that take some first, in the order of the plan, then the others, the closest first. */
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

  constructor(private readonly grounds: readonly Ground[]) {}

  /** What the pools are to pods of a kind. */
  of(kind: PodKind): Outcome {
    const known = this.known.get(kind);
    if (known !== undefined) return known;
    const outcome = this.outcomeOf(kind);
    this.known.set(kind, outcome);
    return outcome;
  }

  private outcomeOf(kind: PodKind): Outcome {
    const doubtful = new Set<Ground>();
    let [certain, possible] = [0, 0];
    let isOpen = this.grounds.length === 0;
    let doubt: Doubt | undefined = isOpen ? NO_POOLS : undefined;
    for (const ground of this.grounds) {
      const admission = kind.where.admissions[ground.number]!;
      const perNode = kind.perNode[ground.number]!;
      if (perNode > 0) {
        const all = times(perNode, admission.nodes);
        possible += all;
        if (ground.pool.unknowns.length === 0 && kind.pod.unknownPaths.length === 0) {
          certain += all;
          continue;
        }
        const { nodes, doubt: why } = sureNodes(kind, ground, admission.nodes);
        certain += times(perNode, nodes);
        if (why !== undefined) doubtful.add(ground);
        doubt ??= why;
      } else if (admission.openLabel !== undefined || ground.pool.unknowns.length > 0) {
        const why = doubtOf(admission, ground, this.shortageOf(kind, ground));
        isOpen ||= why !== undefined;
        doubt ??= why;
      }
    }
    return {
      listed: once(() => this.listed(kind)),
      certain,
      possible: isOpen ? Infinity : possible,
      isOpen,
      doubt,
      doubtful,
    };
  }

  private listed(kind: PodKind): PoolList {
    const takers: PoolVerdict[] = [];
    const refused = new Map<number, PoolVerdict[]>();
    const combined = new Map<readonly Obstacle[], Refusal[]>();
    let closest: Ground | undefined;
    let nearest = Infinity;
    for (const ground of this.grounds) {
      const admission = kind.where.admissions[ground.number]!;
      const perNode = kind.perNode[ground.number]!;
      if (perNode > 0) {
        takers.push({ pool: ground.pool.name, perNode, atOnce: times(perNode, admission.nodes), obstacles: NONE });
        continue;
      }
      const short = this.shortageOf(kind, ground);
      const { obstacles, distance } = this.refusalOf(admission.obstacles, short, ground, combined);
      const verdict = short.length === 0 ? this.verdictOf(kind, ground, obstacles) : refusal(ground, obstacles);
      const alike = refused.get(distance);
      if (alike === undefined) refused.set(distance, [verdict]);
      else alike.push(verdict);
      // A distance of amounts that are no numbers is none either.
      if (!(distance >= nearest)) [nearest, closest] = [distance, ground];
    }
    const inOrder = [...refused].sort(([a], [b]) => a - b).flatMap(([, verdicts]) => verdicts);
    return { verdicts: takers.length === 0 ? inOrder : takers.concat(inOrder), closest };
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
  return nodes === 0 ? 0 : perNode * nodes;
}

function refusal({ pool }: Ground, obstacles: readonly Obstacle[]): PoolVerdict {
  return { pool: pool.name, perNode: 0, atOnce: 0, obstacles };
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
