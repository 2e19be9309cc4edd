import { ClusterState } from "../scheduling/cluster-state";
import { obstaclesOf } from "../scheduling/feasibility";
import { labelOf } from "../scheduling/label-matching";
import type { SchedulableNode } from "../scheduling/node";
import { ObstacleKind, type Obstacle } from "../scheduling/obstacle";
import type { SchedulablePod } from "../scheduling/pod";
import type { NamespaceLabels } from "../scheduling/pod-terms";
import { zonesFor, type Fleet, type NodeGroup, type PodsOn } from "./fleet";
import type { FlavorLabel } from "./flavored-pods";
import type { Ground } from "./ground";
import { roomiestFirst } from "./machine-choice";
import { isNamed } from "./named-pods";
import { NodeNames, type Spot } from "./node-names";
import type { PodKind } from "./pod-kind";
import { withResidents } from "./residents";
import { fitting } from "./resource-numbers";
import { distinctZones, zoneKeyOf, type Site } from "./zone-choice";

/** Pods of one set, under the number by which a fleet knows them. */
export interface Subject {
  set: number;
  pod: SchedulablePod;
  kind: PodKind;
  /** Labels that its pods select by because of the flavors by which their queue admits them. */
  flavorLabels: readonly FlavorLabel[];
}

/** In which zone new nodes are made: where the fewest pods of the set are, or where the most are. */
export type Growth = "even" | "gathered";

/** Some pods of a set: those that must run together, or those that others must be near to. */
export interface Companion extends Subject {
  pods: number;
}

/** Pods with rules between them that are placed one by one, at most: more take too long, and tell nothing new. */
export const ONE_BY_ONE = 5000;

/** Places at which the first of some pods is tried, at most. */
const STARTS = 64;

/** Obstacles that stay for good, as pods are added and none are taken away. */
const LASTING: readonly ObstacleKind[] = [
  ObstacleKind.resource,
  ObstacleKind.tooManyPods,
  ObstacleKind.hostPort,
  ObstacleKind.podAntiAffinity,
  ObstacleKind.existingAntiAffinity,
];

/** Obstacles that come from other pods. */
const RULES: readonly ObstacleKind[] = [
  ObstacleKind.hostPort,
  ObstacleKind.topologySpread,
  ObstacleKind.podAffinity,
  ObstacleKind.podAntiAffinity,
  ObstacleKind.existingAntiAffinity,
];

interface Step {
  pod: SchedulablePod;
  node: SchedulableNode;
  pods: number;
  /** What was known to be on the node before. */
  before: PodsOn | undefined;
}

/** The nodes of a fleet one by one, with which pod is near which other: for pods that mind that. */
export class Neighbourhood {
  private readonly state: ClusterState;
  private readonly known = new Map<string, PodsOn | undefined>();
  private readonly names: NodeNames;
  private readonly steps: Step[] = [];

  /** @param podOf the pod behind a number of the fleet. */
  constructor(
    private readonly fleet: Fleet,
    private readonly podOf: (set: number) => SchedulablePod,
    namespaceLabels?: NamespaceLabels,
  ) {
    this.state = new ClusterState([], namespaceLabels);
    this.names = new NodeNames(fleet.grounds);
  }

  /** Whether pods that are there keep a pod away by their anti-affinity, so that it minds where it is. */
  isMinded(pod: SchedulablePod): boolean {
    return this.state.antiAffinityAbout(pod).length > 0;
  }

  /**
   * Places up to so many pods, {@link ONE_BY_ONE} at most, one by one, on nodes that are there first, and on machines
   * that are preferred, unless these leave room for fewer of them. Returns how many found a place.
   *
   * @param following pods of the set for which machines are chosen, where more of them are placed later.
   */
  place(
    subject: Subject,
    wanted: number,
    growth: Growth,
    companions: readonly Companion[] = [],
    following = wanted,
  ): number {
    this.observe();
    const pods = Math.min(wanted, ONE_BY_ONE);
    const mark = [this.fleet.mark(), this.mark()] as const;
    const place = (kind: PodKind, count: number) => {
      this.fleet.undo(mark[0]);
      this.undo(mark[1]);
      return this.placeInOrder({ ...subject, kind }, count, growth, companions, mark);
    };
    const roomy = roomiestFirst(subject.kind);
    if (roomy === undefined) return place(subject.kind, pods);
    const all = Math.min(following, ONE_BY_ONE);
    const preferred = place(subject.kind, all);
    const isRoomier = preferred < all && place(roomy, all) > preferred;
    return place(isRoomier ? roomy : subject.kind, pods);
  }

  private placeInOrder(
    subject: Subject,
    pods: number,
    growth: Growth,
    companions: readonly Companion[],
    mark: readonly [ofFleet: number, own: readonly [steps: number, made: number]],
  ): number {
    const attempt = (start?: Site, zones: readonly Site[] = []) => {
      this.fleet.undo(mark[0]);
      this.undo(mark[1]);
      const fresh = companions.map((companion) => ({ ...companion }));
      return this.placeFrom(start, subject, pods, growth, fresh, [...zones]);
    };
    const placed = attempt();
    if (placed === pods) return placed;
    if (subject.pod.affinity.length === 0) return this.placeApart(subject, placed, attempt, mark);
    // Of pods that must be near each other, the place of the first decides what room there is for the others.
    let best: { start: Site | undefined; placed: number } = { start: undefined, placed };
    for (const start of startsOf(subject)) {
      const placed = attempt(start);
      if (placed === pods) return placed;
      if (placed > best.placed) best = { start, placed };
    }
    return attempt(best.start);
  }

  /** Tries again where another choice of zones for new nodes may leave room for more pods than were placed. */
  private placeApart(
    subject: Subject,
    placed: number,
    attempt: (start?: Site, zones?: readonly Site[]) => number,
    [ofFleet, own]: readonly [number, readonly [steps: number, made: number]],
  ): number {
    const { kind, pod } = subject;
    const key = zoneKeyOf(pod);
    if (key === undefined || kind.order.length < 2 || isNamed(pod)) return placed;
    this.fleet.undo(ofFleet);
    this.undo(own);
    const zones = this.zonesFor(subject, key);
    const again = attempt(undefined, zones);
    return again > placed ? again : attempt();
  }

  /** Where new nodes are made so that pods are in as many zones as can be. */
  private zonesFor({ kind, pod }: Subject, key: string): Site[] {
    const takes = (node: SchedulableNode) => obstaclesOf(pod, node, this.state).length === 0;
    const there = kind.order.flatMap((ground) => this.candidatesOf(kind, ground).map(({ node }) => node!));
    const offers = kind.order.slice(0, STARTS).map((ground) => ({
      ground,
      zones: kind.where.admissions[ground.number]!.zones.filter((zone) => takes(this.next(kind, ground, zone).node)),
      nodes: this.fleet.reserveOf(ground).nodes,
    }));
    const taken = there.filter(takes).flatMap(({ labels }) => labelOf(labels, key) ?? []);
    return distinctZones(key, offers, new Set(taken));
  }

  private placeFrom(
    start: Site | undefined,
    subject: Subject,
    pods: number,
    growth: Growth,
    companions: readonly Companion[],
    chosen: Site[],
  ): number {
    let candidates = subject.kind.order.flatMap((ground) => this.candidatesOf(subject.kind, ground));
    const zones = new Map<string, number>();
    let at = 0;
    for (let placed = 0; placed < pods; placed++) {
      const first = placed === 0 ? start : undefined;
      const tried = first === undefined ? candidates : candidates.filter((group) => isAt(group, first));
      const group =
        this.placeOnOne(subject, tried, at) ??
        this.placeOnChosen(subject, tried, chosen) ??
        this.placeOnNew(subject, tried, zones, growth, first) ??
        this.placeBeside(subject, tried, companions, first);
      if (group === undefined) return placed;
      if (first !== undefined) candidates = subject.kind.order.flatMap((each) => this.candidatesOf(subject.kind, each));
      at = Math.max(0, candidates.indexOf(group));
      const zone = group.ground.pool.zones[group.zone] ?? "";
      zones.set(zone, (zones.get(zone) ?? 0) + 1);
    }
    return pods;
  }

  /** The rule between pods for which no node that has room takes another pod; undefined where it is the room. */
  obstacle({ kind, pod }: Subject): Obstacle | undefined {
    for (const ground of kind.order) {
      const there = this.candidatesOf(kind, ground).map(({ node }) => node!);
      const isMore = this.fleet.reserveOf(ground).nodes > 0;
      const { zones } = kind.where.admissions[ground.number]!;
      const made = isMore ? zones.map((zone) => this.next(kind, ground, zone).node) : [];
      for (const node of [...there, ...made]) {
        const [obstacle] = obstaclesOf(pod, node, this.state);
        if (obstacle !== undefined && RULES.includes(obstacle.kind)) return obstacle;
      }
    }
    return undefined;
  }

  /** A point to which {@link undo} leads back, in step with that of the fleet. */
  mark(): readonly [steps: number, made: number] {
    return [this.steps.length, this.names.mark()];
  }

  /** Takes back what was done since a point. */
  undo([steps, made]: readonly [steps: number, made: number]): void {
    while (this.steps.length > steps) {
      const { pod, node, pods, before } = this.steps.pop()!;
      this.state.remove(pod, node, pods);
      this.known.set(node.name, before);
    }
    this.names.undo(made);
  }

  /** Tells all nodes that are there apart, and learns what is on them. */
  observe(): void {
    for (const group of this.fleet.groups()) {
      if (group.node !== undefined) this.learn(group.node, group.pods);
      else while (group.nodes > 0) this.name(group);
    }
  }

  private name(group: NodeGroup): void {
    const { ground } = group;
    const zones = ground.sites.length;
    const zone = group.zone >= 0 ? group.zone : this.names.mark() % zones;
    const spot = this.names.next(ground, zone, group.choice);
    this.names.take(ground, spot);
    this.state.add(spot.node);
    withResidents(this.state, spot.node, ground.pool.residents);
    this.learn(spot.node, this.fleet.single(group, spot.node, zone).pods);
  }

  private learn(node: SchedulableNode, pods: PodsOn | undefined): void {
    const before = this.known.get(node.name);
    for (let on = pods; on !== undefined && on !== before; on = on.before) this.note(this.podOf(on.set), node, on.pods);
    this.known.set(node.name, pods);
  }

  private note(pod: SchedulablePod, node: SchedulableNode, pods: number): void {
    this.steps.push({ pod, node, pods, before: this.known.get(node.name) });
    this.state.place(pod, node, pods);
  }

  private candidatesOf(kind: PodKind, ground: Ground): NodeGroup[] {
    return this.fleet
      .groupsOf(ground)
      .filter((group) => group.nodes > 0 && fitting(kind.demand, group.free) > 0 && zonesFor(kind, group).length > 0);
  }

  /** Tries nodes in turn, beginning with the one that took the last; those that never will again are dropped. */
  private placeOnOne(subject: Subject, candidates: NodeGroup[], start: number): NodeGroup | undefined {
    let index = start;
    for (let left = candidates.length; left > 0; left--) {
      if (index >= candidates.length) index = 0;
      const group = candidates[index]!;
      const obstacles =
        fitting(subject.kind.demand, group.free) === 0 ? FULL : obstaclesOf(subject.pod, group.node!, this.state);
      if (obstacles.length === 0) return (candidates[index] = this.put(subject, group));
      if (obstacles.some(({ kind }) => LASTING.includes(kind))) candidates.splice(index, 1);
      else index += 1;
    }
    return undefined;
  }

  /** Makes a node at the next of the sites that were chosen, each of which is used once. */
  private placeOnChosen(subject: Subject, candidates: NodeGroup[], chosen: Site[]): NodeGroup | undefined {
    for (let site = chosen.shift(); site !== undefined; site = chosen.shift()) {
      const spot = this.next(subject.kind, site.ground, site.zone);
      const reserve = this.fleet.reserveOf(site.ground);
      if (reserve.nodes === 0 || obstaclesOf(subject.pod, spot.node, this.state).length > 0) continue;
      const group = this.put(subject, reserve, spot);
      candidates.push(group);
      return group;
    }
    return undefined;
  }

  private placeOnNew(
    subject: Subject,
    candidates: NodeGroup[],
    zones: ReadonlyMap<string, number>,
    growth: Growth,
    start?: Site,
  ): NodeGroup | undefined {
    for (const ground of start === undefined ? subject.kind.order : [start.ground]) {
      const reserve = this.fleet.reserveOf(ground);
      if (reserve.nodes === 0) continue;
      for (const spot of this.newNodes(subject, ground, zones, growth)) {
        if (start !== undefined && spot.zone !== start.zone) continue;
        if (obstaclesOf(subject.pod, spot.node, this.state).length > 0) continue;
        const group = this.put(subject, reserve, spot);
        candidates.push(group);
        return group;
      }
    }
    return undefined;
  }

  /** The next node of a pool in a zone that is made for pods of a kind. */
  private next(kind: PodKind, ground: Ground, zone: number): Spot {
    return this.names.next(ground, zone, kind.where.admissions[ground.number]!.choice);
  }

  /** Nodes that a pool may make for a pod, in the order in which they are tried. */
  private newNodes({ kind, pod }: Subject, ground: Ground, pods: ReadonlyMap<string, number>, growth: Growth): Spot[] {
    const { zones } = kind.where.admissions[ground.number]!;
    if (isNamed(pod)) return this.names.all(ground);
    const sign = growth === "even" ? 1 : -1;
    const count = (zone: number) => pods.get(ground.pool.zones[zone] ?? "") ?? 0;
    const ordered = zones.length === 1 ? zones : [...zones].sort((a, b) => sign * (count(a) - count(b)));
    return ordered.map((zone) => this.next(kind, ground, zone));
  }

  /** Puts a pod on the node of a group, or on one that is made for it. */
  private put({ set, kind, pod }: Subject, from: NodeGroup, spot?: Spot): NodeGroup {
    if (spot !== undefined) this.names.take(from.ground, spot);
    const single = spot === undefined ? from : this.fleet.single(from, spot.node, spot.zone);
    const group = this.fleet.move(single, set, kind, 1, 1);
    const node = single.node!;
    const residents = spot === undefined ? [] : (from.ground.pool.residents ?? []);
    for (const resident of residents) this.note(resident, node, 1);
    this.note(pod, node, 1);
    this.known.set(node.name, group.pods);
    return group;
  }

  /** Brings pods of another set near to a node, so that a pod which must be near them can be on it. */
  private placeBeside(
    subject: Subject,
    candidates: NodeGroup[],
    companions: readonly Companion[],
    start?: Site,
  ): NodeGroup | undefined {
    for (const companion of companions) {
      if (companion.pods === 0) continue;
      for (const spot of this.spotsFor(companion)) {
        if (start !== undefined && !isAt({ ...spot.group, ...spot.spot }, start)) continue;
        const marks = [this.fleet.mark(), this.mark()] as const;
        const group = this.put(companion, spot.group, spot.spot);
        const tried = [...candidates.filter((each) => each !== spot.group), group];
        const placed =
          this.placeOnOne(subject, tried, tried.length - 1) ?? this.placeOnNew(subject, tried, new Map(), "even");
        if (placed !== undefined) {
          companion.pods -= 1;
          candidates.splice(0, candidates.length, ...tried);
          return placed;
        }
        this.fleet.undo(marks[0]);
        this.undo(marks[1]);
      }
    }
    return undefined;
  }

  /** Nodes on which a pod can be now: those that are there, and a new one in each zone of each pool. */
  private spotsFor(companion: Companion): { group: NodeGroup; spot?: Spot }[] {
    const { kind, pod } = companion;
    const takes = (node: SchedulableNode) => obstaclesOf(pod, node, this.state).length === 0;
    return kind.order.flatMap((ground) => {
      const there = this.candidatesOf(kind, ground).filter(({ node }) => takes(node!));
      const group = this.fleet.reserveOf(ground);
      const made = group.nodes === 0 ? [] : this.newNodes(companion, ground, new Map(), "even");
      const fit = made.filter(({ node }) => takes(node));
      return [...there.map((each) => ({ group: each })), ...fit.map((spot) => ({ group, spot }))];
    });
  }
}

/** Every zone of every pool that takes some of the pods. */
function startsOf({ kind }: Subject): Site[] {
  const starts = kind.order.flatMap((ground) =>
    kind.where.admissions[ground.number]!.zones.map((zone) => ({ ground, zone })),
  );
  return starts.slice(0, STARTS);
}

function isAt({ ground, zone }: Pick<NodeGroup, "ground" | "zone">, start: Site): boolean {
  return ground === start.ground && zone === start.zone;
}

/** Of a node that has less left than a pod asks for. */
const FULL: readonly Obstacle[] = [{ kind: ObstacleKind.resource, message: "" }];
