import { ClusterState } from "../scheduling/cluster-state";
import { emptyNodeObstacles, obstaclesOf } from "../scheduling/feasibility";
import type { SchedulableNode } from "../scheduling/node";
import type { Obstacle } from "../scheduling/obstacle";
import type { SchedulablePod } from "../scheduling/pod";
import { isAboutPlaced, type NamespaceLabels } from "../scheduling/pod-terms";
import type { Entries, Entry } from "./entry";
import { Fleet } from "./fleet";
import { nodeOf, zoneOfNode, type Ground, type GroundMix } from "./ground";
import { labelled } from "./label-choice";
import { isNamed } from "./named-pods";
import { Neighbourhood, ONE_BY_ONE } from "./neighbourhood";
import { NAMED_NODES } from "./node-names";
import { withResidents } from "./residents";
import { MixCapacities } from "./mix-capacities";
import type { Doubt } from "./doubt";
import { once } from "./once";
import { Outcomes, type Outcome } from "./outcome";
import type { PoolList } from "./pool-list";
import type { PodKind } from "./pod-kind";
import type { Growth } from "./single-nodes";
import type { Companion, Subject } from "./subject";
import { mostByZones } from "./zone-choice";

/** What the pools are to pods of a set, the rules between pods included. */
export interface Capacity extends Outcome {
  /** What keeps the first pod that finds no place from one, where a rule between pods does. */
  rule: Obstacle | undefined;
  /** Whether pods of the stack are what the pods must be near to. */
  hasCompany: boolean;
}

/**
 * Pods of a set whose number is not known are placed up to this many: where so many fit, nothing is said to bound
 * them.
 */
const UNCOUNTED = 200;
const BOUNDLESS = { certain: Infinity, possible: Infinity };

/** Sets of other workloads that are tried as company for pods that must not be alone. */
const COMPANIONS = 8;

const DEPENDS_ON_ZONES: Doubt = {
  reason:
    "how many fit depends on the zones in which new nodes are made, as its pods are spread over those that have nodes",
};

/** Of pods for which the zones of new nodes were chosen in some ways, and not in all. */
function notSettled(placed: number): Doubt {
  return { reason: `no arrangement of more than ${placed} of its pods was found, and none is ruled out` };
}

/** Pods that found a place, and what keeps the next one from one. */
interface Placed {
  pods: number;
  rule: Obstacle | undefined;
}

/** Works out how many pods of a set the pools take when nothing else runs. */
export class Capacities {
  private readonly outcomes: Outcomes;
  private readonly known = new Map<PodKind, Map<number, Capacity>>();
  private readonly mixes = new MixCapacities();

  /** @param entries every set of the stack: pods of others may be what some must be near to. */
  constructor(
    private readonly grounds: readonly Ground[],
    private readonly entries: Entries,
    private readonly namespaceLabels: NamespaceLabels,
  ) {
    this.outcomes = new Outcomes(grounds, this.mixes);
  }

  /** For pods with rules between them, no more are counted than the set has. */
  of(subject: Subject, { count, minCount }: Entry["set"]): Capacity {
    const { kind } = subject;
    const wanted = kind.isRuled ? Math.min(count ?? Math.max(minCount, UNCOUNTED), ONE_BY_ONE) : 0;
    const byCount = this.known.get(kind) ?? new Map<number, Capacity>();
    this.known.set(kind, byCount);
    const known = byCount.get(wanted);
    if (known !== undefined) return known;
    const outcome = this.outcomes.of(kind);
    const ruled = kind.isRuled
      ? this.ruled(subject, outcome, wanted)
      : { ...outcome, rule: undefined, hasCompany: true };
    const isCut = kind.isRuled && wanted < (count ?? Infinity);
    const capacity = isCut && ruled.certain === wanted ? { ...ruled, ...BOUNDLESS } : ruled;
    byCount.set(wanted, capacity);
    return capacity;
  }

  /** Sets of the stack whose pods are what a pod must be near to, besides its own. */
  companionsOf({ pod }: Subject): Companion[] {
    if (pod.affinity.length === 0) return [];
    const isWanted = ({ pod: other }: Subject) =>
      other !== pod && pod.affinity.every((term) => isAboutPlaced(term, pod.namespace, other, this.namespaceLabels));
    return this.entries.all
      .flatMap(({ variants: [first], set }) => (first !== undefined && isWanted(first) ? [{ first, set }] : []))
      .slice(0, COMPANIONS)
      .map(({ first, set }) => ({ ...first, pods: set.count ?? UNCOUNTED }));
  }

  private ruled(subject: Subject, outcome: Outcome, wanted: number): Capacity {
    const everywhere = this.placed(subject, wanted, "even");
    // Zones without a node do not count, so pods are spread more easily over few of them.
    const isSpread = subject.pod.spread.length > 0 && everywhere.pods < wanted;
    const gathered = isSpread ? this.placed(subject, wanted, "gathered").pods : 0;
    const most = everywhere.pods < wanted ? mostByZones(subject.pod, subject.kind, this.namespaceLabels) : undefined;
    const ofMixes = everywhere.pods < wanted ? this.mostByMixes(subject, wanted) : 0;
    const unsettled = Math.min(Math.max(most ?? 0, ofMixes), outcome.possible);
    const ofPlaces = unsettled > everywhere.pods ? notSettled(everywhere.pods) : undefined;
    const doubt = outcome.doubt ?? (gathered > everywhere.pods ? DEPENDS_ON_ZONES : ofPlaces);
    const certain = outcome.doubt === undefined ? everywhere.pods : this.sure(subject, outcome, wanted);
    const possible = outcome.isOpen ? Infinity : Math.max(everywhere.pods, gathered, unsettled);
    const rule = everywhere.rule ?? (everywhere.pods < wanted ? crowding(subject, this.namespaceLabels) : undefined);
    const listed = once(() => this.listed(subject, outcome, wanted, everywhere.pods));
    const hasCompany = subject.pod.affinity.length === 0 || this.companionsOf(subject).length > 0;
    return { ...outcome, listed, certain, possible, doubt, rule, hasCompany };
  }

  private listed(subject: Subject, outcome: Outcome, wanted: number, everywhere: number): PoolList {
    const { verdicts, closest } = outcome.listed();
    const grounds = new Map<string, Ground[]>();
    for (const ground of subject.kind.order) {
      grounds.set(ground.pool.name, [...(grounds.get(ground.pool.name) ?? []), ground]);
    }
    const ruled = verdicts.map((verdict) => {
      const own = grounds.get(verdict.pool);
      if (own === undefined) return verdict;
      const perNode = Math.max(...own.map((ground) => this.onEmptyNode(subject, ground, wanted)));
      const atOnce = grounds.size === 1 ? everywhere : this.placed(subject, wanted, "even", own).pods;
      return { ...verdict, perNode, atOnce };
    });
    return { verdicts: ruled, closest };
  }

  /** Pods that one node takes by itself, so many at most; how they must be spread over nodes says nothing of that. */
  private onEmptyNode(subject: Subject, ground: Ground, most: number): number {
    const unspread = { ...subject, pod: { ...subject.pod, spread: [] } };
    const perNode = Math.min(subject.kind.perNode[ground.number]!, most);
    return onOneNode(unspread, ground, perNode, this.namespaceLabels).pods;
  }

  /**
   * Pods, of so many at most, that cannot be more whichever types of machines are made where pools have several; 0 where
   * none has, so that no choice changes how many there are.
   */
  private mostByMixes(subject: Subject, wanted: number): number {
    const { order, where } = subject.kind;
    if (!order.some(({ mix }) => mix !== undefined)) return 0;
    const perNode = new Map(order.map((ground) => [ground, this.onEmptyNode(subject, ground, wanted)]));
    const mixes = new Set<GroundMix>();
    let most = 0;
    for (const [ground, pods] of perNode) {
      if (ground.mix !== undefined) mixes.add(ground.mix);
      else if (pods > 0) most += pods * where.admissions[ground.number]!.nodes;
    }
    for (const mix of mixes) most += this.mixes.of(mix, (ground) => perNode.get(ground) ?? 0).bound;
    return most;
  }

  /** Pods that find a place on pools about which there is no doubt. */
  private sure(subject: Subject, { doubtful }: Outcome, wanted: number): number {
    const order = subject.kind.order.filter((ground) => !doubtful.has(ground));
    return order.length === 0 ? 0 : this.placed({ ...subject, kind: { ...subject.kind, order } }, wanted, "even").pods;
  }

  /** Pods that find a place where new nodes are made in a way, on one pool or all. */
  private placed(subject: Subject, wanted: number, growth: Growth, only?: readonly Ground[]): Placed {
    const companions = this.companionsOf(subject);
    const own = companions.flatMap(({ kind }) => kind.order);
    const alone = only === undefined ? subject : { ...subject, kind: { ...subject.kind, order: only } };
    const fleet = new Fleet(only === undefined ? this.grounds : [...new Set([...only, ...own])]);
    const neighbourhood = new Neighbourhood(fleet, this.entries.podOf, this.namespaceLabels);
    const pods = neighbourhood.place(alone, wanted, growth, companions);
    return { pods, rule: pods < wanted ? neighbourhood.obstacle(alone) : undefined };
  }
}

/** The rule between pods for which a node takes fewer than it has room for. */
function crowding(subject: Subject, namespaceLabels: NamespaceLabels): Obstacle | undefined {
  for (const ground of subject.kind.order) {
    const { rule } = onOneNode(subject, ground, subject.kind.perNode[ground.number]!, namespaceLabels);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

/** Pods of a set that one node takes when there is no other; what they must be near to counts as being there. */
function onOneNode({ pod, kind }: Subject, ground: Ground, most: number, namespaceLabels: NamespaceLabels): Placed {
  if (pod.affinity.length > 0) return { pods: most, rule: undefined };
  const node = nodeFor(pod, kind, ground);
  const state = withResidents(new ClusterState([node], namespaceLabels), node, ground.pool.residents);
  for (let pods = 0; pods < most; pods++) {
    const [rule] = obstaclesOf(pod, node, state);
    if (rule !== undefined) return { pods, rule };
    state.place(pod, node);
  }
  return { pods: most, rule: undefined };
}

/** An empty node of a pool that lets the pods in; where they ask for nodes by name, the first such one. */
function nodeFor(pod: SchedulablePod, { where }: PodKind, ground: Ground): SchedulableNode {
  const { choice } = where.admissions[ground.number]!;
  const numbers = isNamed(pod) ? Math.min(ground.maxNodes, NAMED_NODES) : 0;
  for (let number = 1; number <= numbers; number++) {
    const node = labelled(nodeOf(ground.pool, zoneOfNode(ground, number), number), choice);
    if (emptyNodeObstacles(pod, node).length === 0) return node;
  }
  const [zone = 0] = where.admissions[ground.number]!.zones;
  return labelled(nodeOf(ground.pool, zone, zone + 1), choice);
}
