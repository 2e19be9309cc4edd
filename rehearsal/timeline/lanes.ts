/** Something that takes GPUs of a node for a time. */
export interface Occupation {
  gpus: number;
  from: number;
  /** `Infinity` where it goes on. */
  to: number;
}

/**
 * Which GPUs of a node each of several pods has, by number from 0, so that no two have the same one at the same time: the
 * lowest that are free when it comes.
 *
 * @param occupations in the order of their beginnings.
 */
export function lanesOf(occupations: readonly Occupation[]): number[][] {
  const freeFrom: number[] = [];
  return occupations.map(({ gpus, from, to }) => {
    const lanes: number[] = [];
    for (let lane = 0; lanes.length < gpus; lane += 1) {
      if ((freeFrom[lane] ?? -Infinity) > from) continue;
      freeFrom[lane] = to;
      lanes.push(lane);
    }
    return lanes;
  });
}
