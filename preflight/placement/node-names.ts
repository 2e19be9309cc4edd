import type { SchedulableNode } from "../scheduling/node";
import { nodeOf, zoneOfNode, type Ground } from "./ground";
import { labelled, type LabelChoice } from "./label-choice";

/** A node that may be made. */
export interface Spot {
  node: SchedulableNode;
  /** Its zone, by the place among those of the pool. */
  zone: number;
  /** Its number in the pool, from 1, which its name ends in. */
  number: number;
  /** The same without labels that pods choose; absent where it has none. */
  plain?: Spot;
}

/** Nodes of a pool that are tried by name, at most: for pods that say which node they want. */
export const NAMED_NODES = 1000;

/** Gives the nodes of pools numbers, and with these names; what is given up again comes first when another is made. */
export class NodeNames {
  /** Numbers of nodes that there are or were, by pool. */
  private readonly taken: Set<number>[] = [];
  /** The next number that may be free in each zone of each pool. */
  private readonly following: number[][] = [];
  private readonly spare: Spot[][] = [];
  private readonly made: { ground: Ground; spot: Spot }[] = [];

  constructor(grounds: readonly Ground[]) {
    for (const { number, sites } of grounds) {
      this.taken[number] = new Set();
      this.following[number] = sites.map((_, zone) => zone + 1);
      this.spare[number] = [];
    }
  }

  /** The next node of a pool in a zone, with labels that are chosen for it. */
  next(ground: Ground, zone: number, choice?: LabelChoice): Spot {
    const plain = this.plainNext(ground, zone);
    return choice === undefined ? plain : { ...plain, node: labelled(plain.node, choice), plain };
  }

  private plainNext(ground: Ground, zone: number): Spot {
    const spare = this.spare[ground.number]!.find((each) => each.zone === zone);
    if (spare !== undefined) return spare;
    const following = this.following[ground.number]!;
    let number = following[zone]!;
    while (this.taken[ground.number]!.has(number)) number += following.length;
    following[zone] = number;
    return { node: nodeOf(ground.pool, zone, number), zone, number };
  }

  /** Every node of a pool that there is not yet. */
  all(ground: Ground): Spot[] {
    const spots: Spot[] = [];
    for (let number = 1; number <= Math.min(ground.maxNodes, NAMED_NODES); number++) {
      if (this.taken[ground.number]!.has(number)) continue;
      const zone = zoneOfNode(ground, number);
      spots.push({ node: nodeOf(ground.pool, zone, number), zone, number });
    }
    return spots;
  }

  /** A node is made. */
  take(ground: Ground, given: Spot): void {
    const spot = given.plain ?? given;
    const spare = this.spare[ground.number]!;
    if (spare.includes(spot)) spare.splice(spare.indexOf(spot), 1);
    this.taken[ground.number]!.add(spot.number);
    this.made.push({ ground, spot });
  }

  /** How many were made: a point to which {@link undo} leads back. */
  mark(): number {
    return this.made.length;
  }

  /** Gives up the nodes that were made since a point. Their names stay theirs, as others may remember them. */
  undo(mark: number): void {
    while (this.made.length > mark) {
      const { ground, spot } = this.made.pop()!;
      this.spare[ground.number]!.push(spot);
    }
  }
}
