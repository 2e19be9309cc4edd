import { bestMix, type MachineMix } from "../pools/machine-mix";
import type { Ground, GroundMix } from "./ground";

/** What is known for the pods that nodes of some types take; those of further types lead on. */
interface Known {
  further: Map<number, Known>;
  /** By the number of pools that are alike. */
  mixes: MachineMix[];
}

/** How many pods nodes of several types take under the limits of their pool, worked out once for equal pods. */
export class MixCapacities {
  private readonly known: Known = { further: new Map(), mixes: [] };
  /** Pools of the same types and limits have the same number. */
  private readonly numbers = new Map<GroundMix, number>();
  private readonly alike = new Map<string, number>();

  /** @param perNode pods that an empty node of each type takes. */
  of(mix: GroundMix, perNode: (ground: Ground) => number): MachineMix {
    let known = this.known;
    for (const ground of mix.grounds) {
      const pods = perNode(ground);
      let further = known.further.get(pods);
      if (further === undefined) known.further.set(pods, (further = { further: new Map(), mixes: [] }));
      known = further;
    }
    return (known.mixes[this.numberOf(mix)] ??= bestMix(
      mix.grounds.map(perNode),
      mix.grounds.map(({ uses }) => uses),
      mix.limits,
    ));
  }

  private numberOf(mix: GroundMix): number {
    const known = this.numbers.get(mix);
    if (known !== undefined) return known;
    const key = JSON.stringify([mix.limits, mix.grounds.map(({ uses }) => uses)]);
    const number = this.alike.get(key) ?? this.alike.size;
    this.alike.set(key, number);
    this.numbers.set(mix, number);
    return number;
  }
}
