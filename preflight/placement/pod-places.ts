import type { Fleet, NodeGroup } from "./fleet";
import { isLasting } from "./rule-obstacles";
import type { Growth, SingleNodes } from "./single-nodes";
import type { Companion, Subject } from "./subject";
import type { Site } from "./zone-choice";

/** Finds a node for one pod that minds what is near it, and puts it there; undefined where there is none. */
export class PodPlaces {
  constructor(
    private readonly fleet: Fleet,
    private readonly nodes: SingleNodes,
  ) {}

  /** Tries nodes in turn, beginning with the one that took the last; those that never will again are dropped. */
  onOne(subject: Subject, candidates: NodeGroup[], start: number): NodeGroup | undefined {
    let index = start;
    for (let left = candidates.length; left > 0; left--) {
      if (index >= candidates.length) index = 0;
      const group = candidates[index]!;
      const obstacles = this.nodes.obstaclesIn(group, subject);
      if (obstacles.length === 0) return (candidates[index] = this.nodes.put(subject, group));
      if (isLasting(obstacles)) candidates.splice(index, 1);
      else index += 1;
    }
    return undefined;
  }

  /** Makes a node at the next of the sites that were chosen, each of which is used once. */
  onChosen(subject: Subject, candidates: NodeGroup[], chosen: Site[]): NodeGroup | undefined {
    for (let site = chosen.shift(); site !== undefined; site = chosen.shift()) {
      const spot = this.nodes.next(subject.kind, site.ground, site.zone);
      const reserve = this.fleet.reserveOf(site.ground);
      if (reserve.nodes === 0 || !this.nodes.takes(spot.node, subject.pod)) continue;
      const group = this.nodes.put(subject, reserve, spot);
      candidates.push(group);
      return group;
    }
    return undefined;
  }

  /** Makes a node where it takes the pod, the zone with the fewest or the most of its set first. */
  onNew(
    subject: Subject,
    candidates: NodeGroup[],
    zones: ReadonlyMap<string, number>,
    growth: Growth,
    start?: Site,
  ): NodeGroup | undefined {
    for (const ground of start === undefined ? subject.kind.order : [start.ground]) {
      const reserve = this.fleet.reserveOf(ground);
      if (reserve.nodes === 0) continue;
      for (const spot of this.nodes.newNodes(subject, ground, zones, growth)) {
        if (start !== undefined && spot.zone !== start.zone) continue;
        if (!this.nodes.takes(spot.node, subject.pod)) continue;
        const group = this.nodes.put(subject, reserve, spot);
        candidates.push(group);
        return group;
      }
    }
    return undefined;
  }

  /** Brings pods of another set near to a node, so that a pod which must be near them can be on it. */
  beside(
    subject: Subject,
    candidates: NodeGroup[],
    companions: readonly Companion[],
    start?: Site,
  ): NodeGroup | undefined {
    for (const companion of companions) {
      if (companion.pods === 0) continue;
      for (const spot of this.nodes.spotsFor(companion)) {
        if (start !== undefined && !isAt({ ...spot.group, ...spot.spot }, start)) continue;
        const marks = [this.fleet.mark(), this.nodes.mark()] as const;
        const group = this.nodes.put(companion, spot.group, spot.spot);
        const tried = [...candidates.filter((each) => each !== spot.group), group];
        const placed = this.onOne(subject, tried, tried.length - 1) ?? this.onNew(subject, tried, new Map(), "even");
        if (placed !== undefined) {
          companion.pods -= 1;
          candidates.splice(0, candidates.length, ...tried);
          return placed;
        }
        this.fleet.undo(marks[0]);
        this.nodes.undo(marks[1]);
      }
    }
    return undefined;
  }
}

/** Whether a node is, or would be, of a pool and in one of its zones. */
export function isAt({ ground, zone }: Pick<NodeGroup, "ground" | "zone">, start: Site): boolean {
  return ground === start.ground && zone === start.zone;
}
