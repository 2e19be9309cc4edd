import type { Amounts } from "../scheduling/amounts";

/** What a pod asks for, resource by resource; what it asks nothing of is left out. */
export interface Demand {
  readonly resources: readonly number[];
  readonly amounts: readonly number[];
}

/** Gives names of resources numbers, so that amounts are added and compared in arrays. */
export class ResourceNumbers {
  private readonly numbers = new Map<string, number>();

  /** How many resources there are so far. */
  get count(): number {
    return this.numbers.size;
  }

  /** The number of a resource, a new one for a name that was not seen before. */
  of(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const next = this.numbers.size;
    this.numbers.set(name, next);
    return next;
  }

  /** What a pod asks for. The scheduler passes over what is not above zero. */
  demandOf(requests: Amounts): Demand {
    const resources: number[] = [];
    const amounts: number[] = [];
    for (const [name, amount] of requests) {
      if (!(amount > 0)) continue;
      resources.push(this.of(name));
      amounts.push(amount);
    }
    return { resources, amounts };
  }

  /** Amounts by the number of the resource; 0 for each resource that has a number and is not among them. */
  vectorOf(amounts: Amounts): Float64Array {
    for (const name of amounts.keys()) this.of(name);
    const vector = new Float64Array(this.count);
    for (const [name, amount] of amounts) vector[this.of(name)] = amount;
    return vector;
  }
}

/** How many pods fit into what is free; `Infinity` for pods that ask for nothing. */
export function fitting({ resources, amounts }: Demand, free: Float64Array): number {
  let least = Infinity;
  for (let index = 0; index < resources.length; index++) {
    const times = Math.floor((free[resources[index]!] ?? 0) / amounts[index]!);
    if (times < least) least = times;
    if (least <= 0) return 0;
  }
  return least;
}

/** What is left once so many pods have their part. */
export function remaining({ resources, amounts }: Demand, free: Float64Array, pods: number): Float64Array {
  const left = free.slice();
  for (let index = 0; index < resources.length; index++) left[resources[index]!]! -= amounts[index]! * pods;
  return left;
}
