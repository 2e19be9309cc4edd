import { bestMix, type MachineMix } from "../pools/machine-mix";
import type { Ground, GroundMix } from "./ground";

/** How many pods nodes of several types take under the limits of their pool, worked out once for equal pods. */
export class MixCapacities {
  /** By what pools may have and by pods, as pools of the same types and limits are alike. */
  private readonly known = new Map<string, Map<string, MachineMix>>();
  private readonly keys = new Map<GroundMix, string>();

  /** @param perNode pods that an empty node of each type takes. */
  of(mix: GroundMix, perNode: (ground: Ground) => number): MachineMix {
    const values = mix.grounds.map(perNode);
    const pool = this.keys.get(mix) ?? JSON.stringify([mix.limits, mix.grounds.map(({ uses }) => uses)]);
    this.keys.set(mix, pool);
    const byValues = this.known.get(pool) ?? new Map<string, MachineMix>();
    this.known.set(pool, byValues);
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
