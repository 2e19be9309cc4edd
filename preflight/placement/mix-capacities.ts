import { bestMix, type MachineMix } from "../pools/machine-mix";
import type { Ground, GroundMix } from "./ground";

/** How many pods nodes of several types take under the limits of their pool, worked out once for equal pods. */
export class MixCapacities {
  private readonly known = new Map<GroundMix, Map<string, MachineMix>>();

  /** @param perNode pods that an empty node of each type takes. */
  of(mix: GroundMix, perNode: (ground: Ground) => number): MachineMix {
    const values = mix.grounds.map(perNode);
    const byValues = this.known.get(mix) ?? new Map<string, MachineMix>();
    this.known.set(mix, byValues);
    const key = values.join();
    const known = byValues.get(key);
    if (known !== undefined) return known;
    const found = bestMix(
      values,
      mix.grounds.map(({ uses }) => uses),
      mix.limits,
    );
    byValues.set(key, found);
    return found;
  }
}
