import { ClusterState } from "../scheduling/cluster-state";
import { obstaclesOf } from "../scheduling/feasibility";
import type { SchedulableNode } from "../scheduling/node";
import type { Obstacle } from "../scheduling/obstacle";
import type { SchedulablePod } from "../scheduling/pod";
import type { NamespaceLabels } from "../scheduling/pod-terms";
import { zonesFor, type Fleet, type NodeGroup, type PodsOn } from "./fleet";
import type { Ground } from "./ground";
import { isNamed } from "./named-pods";
import { NodeNames, type Spot } from "./node-names";
import type { PodKind } from "./pod-kind";
import { withResidents } from "./residents";
import { fitting } from "./resource-numbers";
import { FULL } from "./rule-obstacles";
import type { Subject } from "./subject";

/** A point to which what was done can be taken back. */
export type Mark = readonly [steps: number, made: number];

/** In which zone new nodes are made: where the fewest pods of the set are, or where the most are. */
export type Growth = "even" | "gathered";

interface Step {
  pod: SchedulablePod;
  node: SchedulableNode;
  pods: number;
  /** What was known to be on the node before. */
  before: PodsOn | undefined;
}

/** The nodes of a fleet one by one, each with its name and what is on it, as the scheduler knows them. */
export class SingleNodes {
  private readonly state: ClusterState;
  private readonly known = new Map<string, PodsOn | undefined>();
  private readonly names: NodeNames;
  private readonly steps: Step[] = [];

  /** @param podOf the pod behind a number of the fleet. */
  constructor(
    readonly fleet: Fleet,
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

  /** Why a node does not take a pod now; empty where it does. */
  obstaclesOn(node: SchedulableNode, pod: SchedulablePod): readonly Obstacle[] {
    return obstaclesOf(pod, node, this.state);
  }

  /** Whether a node takes a pod now. */
  takes(node: SchedulableNode, pod: SchedulablePod): boolean {
    return this.obstaclesOn(node, pod).length === 0;
  }

  /** Why a node that is there does not take a pod now, its room foremost. */
  obstaclesIn({ node, free }: NodeGroup, { pod, kind }: Subject): readonly Obstacle[] {
    return fitting(kind.demand, free) === 0 ? FULL : this.obstaclesOn(node!, pod);
  }

  /** A point to which {@link undo} leads back, in step with that of the fleet. */
  mark(): Mark {
    return [this.steps.length, this.names.mark()];
  }

  /** Takes back what was done since a point. */
  undo([steps, made]: Mark): void {
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

  /** Nodes of a pool that are there and have room for a pod of a kind in a zone where it may be. */
  candidatesOf(kind: PodKind, ground: Ground): NodeGroup[] {
    return this.fleet
      .groupsOf(ground)
      .filter((group) => group.nodes > 0 && fitting(kind.demand, group.free) > 0 && zonesFor(kind, group).length > 0);
  }

  /** Puts a pod on the node of a group, or on one that is made for it. */
  put({ set, kind, pod }: Subject, from: NodeGroup, spot?: Spot): NodeGroup {
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

  /** The next node of a pool in a zone that is made for pods of a kind. */
  next(kind: PodKind, ground: Ground, zone: number): Spot {
    return this.names.next(ground, zone, kind.where.admissions[ground.number]!.choice);
  }

  /** Nodes that a pool may make for a pod, in the order in which they are tried. */
  newNodes({ kind, pod }: Subject, ground: Ground, pods: ReadonlyMap<string, number>, growth: Growth): Spot[] {
    const { zones } = kind.where.admissions[ground.number]!;
    if (isNamed(pod)) return this.names.all(ground);
    const sign = growth === "even" ? 1 : -1;
    const count = (zone: number) => pods.get(ground.pool.zones[zone] ?? "") ?? 0;
    const ordered = zones.length === 1 ? zones : [...zones].sort((a, b) => sign * (count(a) - count(b)));
    return ordered.map((zone) => this.next(kind, ground, zone));
  }

  /** Nodes on which a pod can be now: those that are there, and a new one in each zone of each pool. */
  spotsFor(subject: Subject): { group: NodeGroup; spot?: Spot }[] {
    const { kind, pod } = subject;
    const takes = (node: SchedulableNode) => this.takes(node, pod);
    return kind.order.flatMap((ground) => {
      const there = this.candidatesOf(kind, ground).filter(({ node }) => takes(node!));
      const group = this.fleet.reserveOf(ground);
      const made = group.nodes === 0 ? [] : this.newNodes(subject, ground, new Map(), "even");
      const fit = made.filter(({ node }) => takes(node));
      return [...there.map((each) => ({ group: each })), ...fit.map((spot) => ({ group, spot }))];
    });
  }
}
