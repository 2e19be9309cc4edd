/** Numbers of machines of a type that are tried at most in all, which takes about a millisecond. */
const STEPS = 5000;

/** Up to so many machines of a type are held against machines of another one that may take their place. */
const REPLACED = 64;

/** What keeps a whole number from being lost to the noise of a division. */
const NOISE = 1e-9;

/**
 * Tries as many machines of the first type as can be, then fewer, and the other types beside them: branch and bound.
 *
 * Instance types are mostly multiples of each other, which makes many mixes equally good. So limits are rounded down to
 * what machines can take of them at all, and no more small machines are tried than are worth it: where a larger one of
 * a type before them brings as much for no more, it takes their place.
 */
export class MixSearch {
  /** What the best mix brings that was found. */
  most = 0;
  /** What none of all mixes exceeds. */
  bound = 0;
  /** Machines of each type in the best mix. */
  nodes: Float64Array;

  private steps = 0;
  private readonly types: number;
  private readonly limits: number;
  /** What a machine takes of each limit, type by type. */
  private readonly uses: Float64Array;
  /** What a part of a machine brings for each part of a limit, type by type. */
  private readonly ratios: Float64Array;
  /** The greatest of these from each type on. */
  private readonly bestRatios: Float64Array;
  /** Machines of each type that may be worth it. */
  private readonly worthwhile: Float64Array;
  /** What is left of each limit once machines of the types before were chosen. */
  private readonly left: Float64Array;
  private readonly tried: Float64Array;
  /** The greatest ratio of each limit, while a bound is worked out. */
  private readonly best: Float64Array;

  /**
   * @param values what a machine of each type brings, in whole numbers above zero.
   * @param uses what a machine of each type takes of each limit; something of one at least.
   */
  constructor(
    private readonly values: readonly number[],
    uses: readonly (readonly number[])[],
    limits: readonly number[],
  ) {
    this.types = values.length;
    this.limits = limits.length;
    this.uses = new Float64Array(uses.flat());
    this.left = new Float64Array((this.types + 1) * this.limits);
    limits.forEach((limit, at) => (this.left[at] = roundedDown(limit, commonPart(uses, at))));
    this.ratios = this.uses.map((use, at) => (use > 0 ? values[Math.floor(at / this.limits)]! / use : Infinity));
    this.bestRatios = greatestFromEach(this.ratios, this.limits);
    this.worthwhile = new Float64Array(values.map((_, type) => this.worthwhileOf(type)));
    this.tried = new Float64Array(this.types);
    this.best = new Float64Array(this.limits);
    this.nodes = new Float64Array(this.types);
  }

  run(): void {
    const bound = this.boundOf(0, 0);
    this.search(0, 0);
    this.bound = this.steps > STEPS ? Math.max(this.most, bound) : this.most;
  }

  private search(at: number, value: number): void {
    if (value > this.most) {
      this.most = value;
      this.nodes.set(this.tried);
    }
    if (at === this.types) return;
    const rest = (at + 1) * this.limits;
    for (let nodes = this.mostAt(at, at); nodes >= this.leastAt(at, value); nodes--) {
      this.steps += 1;
      if (this.steps > STEPS) return;
      for (let limit = 0; limit < this.limits; limit++) {
        this.left[rest + limit] = this.left[rest - this.limits + limit]! - nodes * this.use(at, limit);
      }
      const sum = value + nodes * this.values[at]!;
      if (sum + this.boundOf(at + 1, at + 1) > this.most) {
        this.tried[at] = nodes;
        this.search(at + 1, sum);
        this.tried[at] = 0;
      } else if (value + this.boundOf(at, at) <= this.most) {
        // What fewer machines leave to the types that follow is worth no more than they are.
        return;
      }
    }
  }

  /** Machines of a type that are within what is left at a place, and may be worth it. */
  private mostAt(type: number, place: number): number {
    let most = this.worthwhile[type]!;
    for (let limit = 0; limit < this.limits; limit++) {
      const use = this.use(type, limit);
      if (use > 0) most = Math.min(most, Math.floor(this.left[place * this.limits + limit]! / use));
    }
    return Math.max(0, most);
  }

  /** With fewer machines of a type than these, those that follow cannot make more of a limit than was found. */
  private leastAt(at: number, value: number): number {
    let least = 0;
    for (let limit = 0; limit < this.limits; limit++) {
      const following = this.bestRatios[(at + 1) * this.limits + limit]!;
      const lost = this.values[at]! - this.use(at, limit) * following;
      if (!(lost > 0)) continue;
      const without = value + this.left[at * this.limits + limit]! * following;
      const noise = 2 * NOISE * Math.max(1, without, this.most);
      least = Math.max(least, Math.ceil((this.most + 1 - noise - without) / lost - NOISE));
    }
    return least;
  }

  /** What the types from one on bring at most, as if parts of machines were to be had of each limit by itself. */
  private boundOf(from: number, place: number): number {
    let bound = 0;
    this.best.fill(0);
    for (let type = from; type < this.types; type++) {
      const machines = this.mostAt(type, place);
      if (machines === 0) continue;
      bound += machines * this.values[type]!;
      for (let limit = 0; limit < this.limits; limit++) {
        const ratio = this.ratios[type * this.limits + limit]!;
        if (ratio > this.best[limit]!) this.best[limit] = ratio;
      }
    }
    for (let limit = 0; limit < this.limits; limit++) {
      if (this.best[limit] === Infinity) continue;
      const most = this.left[place * this.limits + limit]! * this.best[limit]!;
      bound = Math.min(bound, Math.floor(most + NOISE * Math.max(1, most)));
    }
    return bound;
  }

  /** Machines of a type that no machines of a type before it replace; `Infinity` where any number may be worth it. */
  private worthwhileOf(type: number): number {
    for (let replaced = 1; replaced <= REPLACED; replaced++) {
      for (let other = 0; other < type; other++) if (this.isReplaced(type, replaced, other)) return replaced - 1;
    }
    return Infinity;
  }

  /** Whether machines of another type bring as much as so many of a type, and take no more of any limit. */
  private isReplaced(type: number, machines: number, other: number): boolean {
    const others = Math.ceil((machines * this.values[type]!) / this.values[other]!);
    for (let limit = 0; limit < this.limits; limit++) {
      if (others * this.use(other, limit) > machines * this.use(type, limit)) return false;
    }
    return true;
  }

  private use(type: number, limit: number): number {
    return this.uses[type * this.limits + limit]!;
  }
}

/** For each type and limit the greatest of the ratios from that type on; 0 beyond the last type. */
function greatestFromEach(ratios: Float64Array, limits: number): Float64Array {
  const greatest = new Float64Array(ratios.length + limits);
  for (let at = ratios.length - 1; at >= 0; at--) greatest[at] = Math.max(ratios[at]!, greatest[at + limits]!);
  return greatest;
}

/** The greatest part of which machines of all types take whole multiples of a limit; 0 where there is none. */
function commonPart(uses: readonly (readonly number[])[], limit: number): number {
  let part = 0;
  for (const each of uses) {
    if (!Number.isSafeInteger(each[limit])) return 0;
    part = greatestCommonDivisor(part, each[limit]!);
  }
  return part;
}

function greatestCommonDivisor(one: number, other: number): number {
  while (other !== 0) [one, other] = [other, one % other];
  return one;
}

function roundedDown(amount: number, part: number): number {
  return part > 0 ? Math.floor(amount / part) * part : amount;
}
