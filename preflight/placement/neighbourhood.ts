import { labelOf } from "../scheduling/label-matching";
import type { SchedulableNode } from "../scheduling/node";
import type { Obstacle } from "../scheduling/obstacle";
import type { SchedulablePod } from "../scheduling/pod";
import type { NamespaceLabels } from "../scheduling/pod-terms";
import type { Fleet } from "./fleet";
import { roomiestFirst } from "./machine-choice";
import { isNamed } from "./named-pods";
import type { PodKind } from "./pod-kind";
import { isAt, PodPlaces } from "./pod-places";
import { isOfRule } from "./rule-obstacles";
import { SingleNodes, type Growth, type Mark } from "./single-nodes";
import type { Companion, Subject } from "./subject";
import { distinctZones, zoneKeyOf, type Site } from "./zone-choice";

/** Pods with rules between them that are placed one by one, at most: more take too long, and tell nothing new. */
export const ONE_BY_ONE = 5000;

/** Places at which the first of some pods is tried, at most. */
const STARTS = 64;

/** The nodes of a fleet one by one, with which pod is near which other: for pods that mind that. */
export class Neighbourhood {
  private readonly nodes: SingleNodes;
  private readonly places: PodPlaces;

  /** @param podOf the pod behind a number of the fleet. */
  constructor(
    private readonly fleet: Fleet,
    podOf: (set: number) => SchedulablePod,
    namespaceLabels?: NamespaceLabels,
  ) {
    this.nodes = new SingleNodes(fleet, podOf, namespaceLabels);
    this.places = new PodPlaces(fleet, this.nodes);
  }

  /** Whether pods that are there keep a pod away by their anti-affinity, so that it minds where it is. */
  isMinded(pod: SchedulablePod): boolean {
    return this.nodes.isMinded(pod);
  }

  /** A point to which {@link undo} leads back, in step with that of the fleet. */
  mark(): Mark {
    return this.nodes.mark();
  }

  /** Takes back what was done since a point. */
  undo(mark: Mark): void {
    this.nodes.undo(mark);
  }

  /** Tells all nodes that are there apart, and learns what is on them. */
  observe(): void {
    this.nodes.observe();
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
    [ofFleet, own]: readonly [number, Mark],
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
    const takes = (node: SchedulableNode) => this.nodes.takes(node, pod);
    const there = kind.order.flatMap((ground) => this.nodes.candidatesOf(kind, ground).map(({ node }) => node!));
    const offers = kind.order.slice(0, STARTS).map((ground) => ({
      ground,
      zones: kind.where.admissions[ground.number]!.zones.filter((zone) =>
        takes(this.nodes.next(kind, ground, zone).node),
      ),
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
    let candidates = subject.kind.order.flatMap((ground) => this.nodes.candidatesOf(subject.kind, ground));
    const zones = new Map<string, number>();
    let at = 0;
    for (let placed = 0; placed < pods; placed++) {
      const first = placed === 0 ? start : undefined;
      const tried = first === undefined ? candidates : candidates.filter((group) => isAt(group, first));
      const group =
        this.places.onOne(subject, tried, at) ??
        this.places.onChosen(subject, tried, chosen) ??
        this.places.onNew(subject, tried, zones, growth, first) ??
        this.places.beside(subject, tried, companions, first);
      if (group === undefined) return placed;
      if (first !== undefined)
        candidates = subject.kind.order.flatMap((each) => this.nodes.candidatesOf(subject.kind, each));
      at = Math.max(0, candidates.indexOf(group));
      const zone = group.ground.pool.zones[group.zone] ?? "";
      zones.set(zone, (zones.get(zone) ?? 0) + 1);
    }
    return pods;
  }

  /** The rule between pods for which no node that has room takes another pod; undefined where it is the room. */
  obstacle({ kind, pod }: Subject): Obstacle | undefined {
    for (const ground of kind.order) {
      const there = this.nodes.candidatesOf(kind, ground).map(({ node }) => node!);
      const isMore = this.fleet.reserveOf(ground).nodes > 0;
      const { zones } = kind.where.admissions[ground.number]!;
      const made = isMore ? zones.map((zone) => this.nodes.next(kind, ground, zone).node) : [];
      for (const node of [...there, ...made]) {
        const [obstacle] = this.nodes.obstaclesOn(node, pod);
        if (obstacle !== undefined && isOfRule(obstacle)) return obstacle;
      }
    }
    return undefined;
  }
}

/** Every zone of every pool that takes some of the pods. */
function startsOf({ kind }: Subject): Site[] {
  const starts = kind.order.flatMap((ground) =>
    kind.where.admissions[ground.number]!.zones.map((zone) => ({ ground, zone })),
  );
  return starts.slice(0, STARTS);
}
