import { machinesWithin } from "../pools/machine-mix";
import type { SchedulableNode } from "../scheduling/node";
import type { Ground, GroundMix } from "./ground";
import { NOTHING_CHOSEN, type LabelChoice } from "./label-choice";
import { machinesFor, typesOf } from "./machine-choice";
import type { PodKind } from "./pod-kind";
import { fitting, remaining } from "./resource-numbers";

/** Pods of one set on a node, after those that were there before. */
export interface PodsOn {
  /** Number of the set, as whoever places it counts. */
  readonly set: number;
  readonly pods: number;
  readonly before: PodsOn | undefined;
  /** Later ones have larger numbers. */
  readonly sequence: number;
}

/** Nodes of a pool that carry the same pods. */
export interface NodeGroup {
  readonly ground: Ground;
  /** Zone that all of them are in, by its place in the pool; {@link ANY_ZONE} while nothing on them minds. */
  readonly zone: number;
  readonly free: Float64Array;
  /** Labels that the first pods chose; undefined while there are none, or nobody chooses. */
  readonly choice: LabelChoice | undefined;
  readonly pods: PodsOn | undefined;
  /** The node itself, where there is one and it has been told apart from others. */
  readonly node: SchedulableNode | undefined;
  /** How many there are; 0 once all have moved on to another group. */
  nodes: number;
}

/** Zone of nodes that may yet be made in any of the pool's. */
export const ANY_ZONE = -1;

interface Move {
  from: NodeGroup;
  to: NodeGroup;
  nodes: number;
}

/** Lists are swept once so many groups were added to those that the last sweep left. */
const SWEEP_AFTER = 32;

/**
 * Pools that fill up with pods. Equal nodes are one group with a count, and pods move some of them into another
 * group: so any number of equal pods takes one step, and each step can be undone.
 */
export class Fleet {
  /** Nodes that are there and may take more, by ground. */
  private readonly there: NodeGroup[][] = [];
  /** Nodes that may yet be made of each ground, when none is made of the others of its pool. */
  private readonly toCome: NodeGroup[] = [];
  /** What the limits of pools leave whose nodes may be of several types. */
  private readonly left = new Map<GroundMix, readonly number[]>();
  private readonly sweepAt: number[] = [];
  private readonly full: NodeGroup[] = [];
  private readonly moves: Move[] = [];
  private sequence = 0;

  /**
   * @param grounds the pools.
   * @param leastOn what every pod asks for at least that may be on a pool, so that nodes with less are not looked at
   * again; nothing by default.
   */
  constructor(
    readonly grounds: readonly Ground[],
    private readonly leastOn: (ground: Ground) => Float64Array = () => NOTHING,
  ) {
    for (const ground of grounds) {
      this.there[ground.number] = minNodesOf(ground);
      this.toCome[ground.number] = groupOf(ground, ANY_ZONE, ground.maxNodes - ground.pool.minNodes);
      this.sweepAt[ground.number] = SWEEP_AFTER;
      if (ground.mix !== undefined) this.left.set(ground.mix, ground.mix.limits);
    }
  }

  /**
   * Places up to so many pods that mind nothing but the node itself: on nodes that are there, then on new ones. Returns
   * how many found a place.
   *
   * @param following pods of the set for which machines are chosen, where more of them are placed later.
   */
  place(set: number, kind: PodKind, pods: number, following = pods): number {
    let left = pods;
    for (const { number } of kind.order) {
      const groups = this.there[number]!;
      const before = groups.length;
      for (let index = 0; index < before && left > 0; index++) left -= this.fill(groups[index]!, set, kind, left);
      if (left === 0) return pods;
    }
    for (const { number, mix } of kind.order) {
      const reserve = this.toCome[number]!;
      left -=
        mix === undefined ? this.fill(reserve, set, kind, left) : this.fillMix(mix, set, kind, left, following - pods);
      if (left === 0) return pods;
    }
    return pods - left;
  }

  /** Puts so many pods on each of some nodes of a group, which thereby become another group. */
  move(from: NodeGroup, set: number, kind: PodKind, pods: number, nodes: number, zone = from.zone): NodeGroup {
    const free = remaining(kind.demand, from.free, pods);
    return this.turn(from, {
      ...from,
      zone,
      free,
      choice: from.choice ?? choiceOn(from.ground, kind),
      pods: { set, pods, before: from.pods, sequence: this.sequence++ },
      nodes,
    });
  }

  /** Tells a node of a group apart from the others. */
  single(from: NodeGroup, node: SchedulableNode, zone: number): NodeGroup {
    return this.turn(from, { ...from, zone, node, nodes: 1 });
  }

  /** Groups of a pool that may take more. */
  groupsOf({ number }: Ground): readonly NodeGroup[] {
    return this.there[number]!;
  }

  /** Nodes that a pool may yet make. */
  reserveOf({ number }: Ground): NodeGroup {
    return this.toCome[number]!;
  }

  /** All nodes that are there, those that can take no more among them. */
  groups(): NodeGroup[] {
    return [...this.full, ...this.there.flat()].filter(({ nodes }) => nodes > 0);
  }

  /** A point to which {@link undo} leads back; it must not be before the last {@link settle}. */
  mark(): number {
    return this.moves.length;
  }

  /** Takes back what was done since a point. */
  undo(mark: number): void {
    while (this.moves.length > mark) {
      const { from, to, nodes } = this.moves.pop()!;
      to.nodes -= nodes;
      from.nodes += nodes;
      this.shareLimits(from, -nodes);
    }
  }

  /** Lets everything stand, and looks no more at nodes that can take nothing. */
  settle(): void {
    this.moves.length = 0;
    for (const ground of this.grounds) {
      const { number } = ground;
      const groups = this.there[number]!;
      if (groups.length < this.sweepAt[number]!) continue;
      const there = groups.filter(({ nodes }) => nodes > 0);
      const least = this.leastOn(ground);
      const open = there.filter(({ free }) => !isShort(free, least));
      this.full.push(...there.filter(({ free }) => isShort(free, least)));
      this.there[number] = open;
      this.sweepAt[number] = open.length + Math.max(SWEEP_AFTER, open.length);
    }
  }

  /** Makes nodes of a pool whose nodes may be of several types, for so many pods and those that follow. */
  private fillMix(mix: GroundMix, set: number, kind: PodKind, pods: number, following: number): number {
    const reserves = typesOf(mix, kind.order).map(({ number }) => this.toCome[number]!);
    if (reserves.every(({ nodes }) => nodes === 0)) return 0;
    let left = pods;
    for (const { ground, nodes } of machinesFor(kind, pods + following, reserves, this.left.get(mix)!)) {
      left -= this.fill(this.toCome[ground.number]!, set, kind, left, nodes);
      if (left === 0) break;
    }
    return pods - left;
  }

  /** Puts pods on nodes of a group, so many of them at most. */
  private fill(group: NodeGroup, set: number, kind: PodKind, pods: number, nodes = group.nodes): number {
    if (group.nodes === 0) return 0;
    const each = Math.min(fitting(kind.demand, group.free), pods);
    if (each === 0) return 0;
    const [zone] = zonesFor(kind, group);
    if (zone === undefined) return 0;
    const whole = Math.min(nodes, Math.floor(pods / each));
    this.move(group, set, kind, each, whole, zone);
    const rest = Math.min(pods - whole * each, each);
    if (whole === nodes || rest === 0) return whole * each;
    this.move(group, set, kind, rest, 1, zone);
    return whole * each + rest;
  }

  private turn(from: NodeGroup, to: NodeGroup): NodeGroup {
    from.nodes -= to.nodes;
    this.shareLimits(from, to.nodes);
    this.there[from.ground.number]!.push(to);
    this.moves.push({ from, to, nodes: to.nodes });
    return to;
  }

  /** What nodes take of the limits of their pool as they are made, no other types of the pool can have. */
  private shareLimits(from: NodeGroup, nodes: number): void {
    const { mix, number, uses } = from.ground;
    if (mix === undefined || from !== this.toCome[number]) return;
    const left = this.left.get(mix)!.map((amount, limit) => amount - uses[limit]! * nodes);
    this.left.set(mix, left);
    for (const ground of mix.grounds) {
      const reserve = this.toCome[ground.number];
      if (reserve !== undefined) reserve.nodes = machinesWithin(ground.uses, left);
    }
  }
}

const NOTHING = new Float64Array(0);

function isShort(free: Float64Array, least: Float64Array): boolean {
  for (let resource = 0; resource < least.length; resource++) if (least[resource]! > free[resource]!) return true;
  return false;
}

/**
 * Zones that a pod can have on nodes of a group: {@link ANY_ZONE} alone where neither minds; none where others chose
 * labels of the nodes that it does not select.
 */
export function zonesFor(kind: PodKind, { ground, zone, choice }: NodeGroup): readonly number[] {
  const { zones, choice: wanted } = kind.where.admissions[ground.number]!;
  if (wanted !== undefined && choice !== undefined && wanted.key !== choice.key) return [];
  if (zones.length === ground.sites.length) return [zone];
  if (zone === ANY_ZONE) return zones;
  return zones.includes(zone) ? [zone] : [];
}

/** What pods choose of a new node of a pool that leaves labels to pods. */
function choiceOn({ number, pool }: Ground, kind: PodKind): LabelChoice | undefined {
  return pool.chosenLabels === undefined ? undefined : (kind.where.admissions[number]!.choice ?? NOTHING_CHOSEN);
}

function minNodesOf(ground: Ground): NodeGroup[] {
  const zones = ground.sites.length;
  const { minNodes } = ground.pool;
  return ground.sites.flatMap((_, zone) => {
    const nodes = Math.floor(minNodes / zones) + (zone < minNodes % zones ? 1 : 0);
    return nodes === 0 ? [] : [groupOf(ground, zone, nodes)];
  });
}

function groupOf(ground: Ground, zone: number, nodes: number): NodeGroup {
  return { ground, zone, free: ground.free, choice: undefined, pods: undefined, node: undefined, nodes };
}
