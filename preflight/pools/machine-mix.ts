/** The most of something that machines of several types can bring together. */
export interface MachineMix {
  /** What the machines bring that were found; `Infinity` where no limit holds one of the types. */
  most: number;
  /** What none of all mixes exceeds: the same, unless there were too many to try. */
  bound: number;
  /** Machines of each type. */
  nodes: readonly number[];
}

/** Mixes that are tried at most, which takes less than a millisecond. Few are, as most are ruled out by a bound. */
const STEPS = 500;

/** What keeps a whole number from being lost to the noise of a division. */
const NOISE = 1e-9;

/**
 * The mix of machines that brings the most under limits that they share.
 *
 * @param values what a machine of each type brings, in whole numbers.
 * @param uses what a machine of each type takes of each limit.
 * @see https://en.wikipedia.org/wiki/Knapsack_problem#Multi-dimensional_knapsack_problem
 */
export function bestMix(
  values: readonly number[],
  uses: readonly (readonly number[])[],
  limits: readonly number[],
): MachineMix {
  const nodes = values.map(() => 0);
  const types = [...values.keys()].filter((type) => values[type]! > 0 && machinesWithin(uses[type]!, limits) > 0);
  const boundless = types.find((type) => machinesWithin(uses[type]!, limits) === Infinity);
  if (boundless !== undefined) {
    nodes[boundless] = Infinity;
    return { most: Infinity, bound: Infinity, nodes };
  }
  const worth = new Map(types.map((type) => [type, values[type]! / largestShare(uses[type]!, limits)]));
  types.sort((a, b) => worth.get(b)! - worth.get(a)! || values[b]! - values[a]!);
  return new MixSearch(types, values, uses).under(limits);
}

/** Machines of one type that limits allow when there are no others; `Infinity` where none of them holds it. */
export function machinesWithin(uses: readonly number[], limits: readonly number[]): number {
  let least = Infinity;
  for (let limit = 0; limit < limits.length; limit++) {
    if (uses[limit]! > 0) least = Math.min(least, Math.floor(limits[limit]! / uses[limit]!));
  }
  return Math.max(0, least);
}

function largestShare(uses: readonly number[], limits: readonly number[]): number {
  return uses.reduce((most, use, limit) => (use > 0 ? Math.max(most, use / limits[limit]!) : most), 0);
}

/** Tries as many machines of the best type as can be, then fewer, and the other types beside them. */
class MixSearch {
  private steps = 0;
  private most = 0;
  private readonly tried: number[];
  private nodes: readonly number[];

  constructor(
    private readonly types: readonly number[],
    private readonly values: readonly number[],
    private readonly uses: readonly (readonly number[])[],
  ) {
    this.tried = values.map(() => 0);
    this.nodes = [...this.tried];
  }

  under(limits: readonly number[]): MachineMix {
    this.search(0, limits, 0);
    const bound = this.steps > STEPS ? Math.max(this.most, this.boundOf(0, limits)) : this.most;
    return { most: this.most, bound, nodes: this.nodes };
  }

  private search(at: number, left: readonly number[], value: number): void {
    this.steps += 1;
    if (value > this.most) {
      this.most = value;
      this.nodes = [...this.tried];
    }
    const type = this.types[at];
    if (type === undefined) return;
    const uses = this.uses[type]!;
    for (let nodes = machinesWithin(uses, left); nodes >= 0; nodes--) {
      const rest = left.map((amount, limit) => amount - nodes * uses[limit]!);
      const sum = value + nodes * this.values[type]!;
      if (this.steps > STEPS) return;
      if (sum + this.boundOf(at + 1, rest) <= this.most) {
        // What fewer machines leave to the types that follow is worth no more than they are.
        if (nodes === 0 || this.isWorthLess(at, left, value)) return;
        continue;
      }
      this.tried[type] = nodes;
      this.search(at + 1, rest, sum);
      this.tried[type] = 0;
    }
  }

  /** Whether nothing that begins with what was chosen brings more than what was found. */
  private isWorthLess(at: number, left: readonly number[], value: number): boolean {
    return value + this.boundOf(at, left) <= this.most;
  }

  /** What the types from one on bring at most, as if parts of machines were to be had of each limit by itself. */
  private boundOf(from: number, left: readonly number[]): number {
    let alone = 0;
    const byLimit = left.map(() => 0);
    for (let at = from; at < this.types.length; at++) {
      const type = this.types[at]!;
      const nodes = machinesWithin(this.uses[type]!, left);
      if (nodes === 0) continue;
      alone += nodes * this.values[type]!;
      for (let limit = 0; limit < left.length; limit++) {
        const use = this.uses[type]![limit]!;
        const most = use > 0 ? (left[limit]! / use) * this.values[type]! : Infinity;
        if (most > byLimit[limit]!) byLimit[limit] = most;
      }
    }
    return Math.min(alone, ...byLimit.map((most) => Math.floor(most + NOISE * Math.max(1, most))));
  }
}
