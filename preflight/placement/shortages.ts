import { resourceObstacles } from "../scheduling/filters/resources";
import type { Obstacle } from "../scheduling/obstacle";
import type { Ground } from "./ground";
import type { PodKind } from "./pod-kind";
import type { Demand } from "./resource-numbers";

/** What empty nodes have too little of, worked out once for equal pods and equal machines. */
export class Shortages {
  private readonly known = new Map<Demand, (readonly Obstacle[])[]>();

  /** What an empty node of a pool has too little of for pods of a kind. */
  of({ pod, demand }: PodKind, { machine, pool }: Ground): readonly Obstacle[] {
    const known = this.known.get(demand) ?? [];
    this.known.set(demand, known);
    return (known[machine] ??= resourceObstacles(pod, pool.free));
  }
}
