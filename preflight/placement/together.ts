import { ANY_ZONE, zonesFor, type Fleet, type NodeGroup } from "./fleet";
import type { Subject } from "./subject";
import type { PodKind } from "./pod-kind";
import { fitting } from "./resource-numbers";

/** Pods of one set that must be placed together with others. */
export interface Member {
  set: number;
  kind: PodKind;
  pods: number;
}

/** What a search for places found out. */
export type Search = "found" | "impossible" | "gave up";

/** Pods that are put somewhere before a search gives up: enough for gangs on a few nodes, and some milliseconds. */
const STEPS = 4000;

/** Gangs of more pods have too many ways to be placed. */
const PODS = 64;

/**
 * Looks for places for all pods of several sets at once: the largest first, each where it fits first, and then every
 * other way. What is impossible is so for certain; whatever was found is left in place.
 */
export function placeTogether(fleet: Fleet, given: readonly Member[]): Search {
  // Those with the least choice first.
  const members = [...given].sort(
    (a, b) => a.kind.order.length - b.kind.order.length || shareOf(b.kind) - shareOf(a.kind),
  );
  const mark = fleet.mark();
  for (const following of [0, Infinity]) {
    // Machines that suit one set may leave too little for the others; the second time the largest ones are made.
    if (members.every(({ set, kind, pods }) => fleet.place(set, kind, pods, pods + following) === pods)) return "found";
    fleet.undo(mark);
    if (!members.some(({ kind }) => kind.order.some(({ mix }) => mix !== undefined))) break;
  }
  const pods = members.reduce((sum, member) => sum + member.pods, 0);
  return pods > PODS ? "gave up" : new ExhaustiveSearch(fleet, members).run();
}

/** Sets in an order in which those that want to be near others come after them. */
export function drawnLast<T extends Pick<Subject, "pod">>(sets: readonly T[]): T[] {
  return [...sets].sort((a, b) => a.pod.affinity.length - b.pod.affinity.length);
}

/** Part of an empty node of its first pool that a pod takes, of the resource of which it takes the largest part. */
export function shareOf({ order: [ground], demand: { resources, amounts } }: PodKind): number {
  if (ground === undefined) return 0;
  return resources.reduce((most, resource, at) => Math.max(most, amounts[at]! / ground.free[resource]!), 0);
}

/** Tries every place for one pod after the other, alike ones once. */
class ExhaustiveSearch {
  private steps = 0;
  private readonly failed = new Set<string>();

  constructor(
    private readonly fleet: Fleet,
    private readonly members: readonly Member[],
  ) {}

  run(): Search {
    if (this.placeFrom(0, this.members[0]?.pods ?? 0)) return "found";
    return this.steps > STEPS ? "gave up" : "impossible";
  }

  private placeFrom(index: number, left: number): boolean {
    const member = this.members[index];
    if (member === undefined) return true;
    if (left === 0) return this.placeFrom(index + 1, this.members[index + 1]?.pods ?? 0);
    const situation = `${index} ${left} ${this.situation()}`;
    if (this.failed.has(situation)) return false;
    for (const [group, zone] of this.choices(member.kind)) {
      this.steps += 1;
      if (this.steps > STEPS) return false;
      const mark = this.fleet.mark();
      this.fleet.move(group, member.set, member.kind, 1, 1, zone);
      if (this.placeFrom(index, left - 1)) return true;
      this.fleet.undo(mark);
    }
    this.failed.add(situation);
    return false;
  }

  /** What nodes there are, whatever got them there. */
  private situation(): string {
    const counts = new Map<string, number>();
    for (const group of this.fleet.groups()) {
      const key = keyOf(group, group.zone);
      counts.set(key, (counts.get(key) ?? 0) + group.nodes);
    }
    return [...counts]
      .map(([key, nodes]) => `${key}*${nodes}`)
      .sort()
      .join(" ");
  }

  /** Groups and zones in which a node takes another pod, alike ones once. */
  private choices(kind: PodKind): (readonly [group: NodeGroup, zone: number])[] {
    const choices = new Map<string, readonly [NodeGroup, number]>();
    for (const ground of kind.order) {
      for (const group of [...this.fleet.groupsOf(ground), this.fleet.reserveOf(ground)]) {
        if (group.nodes === 0 || fitting(kind.demand, group.free) === 0) continue;
        for (const zone of zonesFor(kind, group)) choices.set(keyOf(group, zone), [group, zone]);
      }
    }
    return [...choices.values()];
  }
}

function keyOf({ ground, free, choice }: NodeGroup, zone: number): string {
  return `${ground.number}/${zone === ANY_ZONE ? "" : zone}/${free.join()}/${choice?.key ?? ""}`;
}
