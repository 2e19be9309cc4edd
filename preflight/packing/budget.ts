import { total, type Asking } from "../placement/allowance";
import { amountText, bareAmount } from "../placement/amount-text";
import type { Limit } from "../placement/limits";
import type { Amounts } from "../scheduling/amounts";

/** A limit that lets no more pods run. */
export interface Exhausted {
  limit: Limit;
  resource: string;
  ceiling: number;
  used: number;
}

/** What of queues and quotas is in use. A limit that is not known yet holds nothing back. */
export class Budget {
  private readonly used = new Map<Limit, Map<string, number>>();

  /** How many more pods limits let run, and which limit it is that lets no more. */
  left(limits: readonly Limit[], requests: Amounts): { pods: number; by: Exhausted | undefined } {
    let left: { pods: number; by: Exhausted | undefined } = { pods: Infinity, by: undefined };
    for (const limit of limits) {
      for (const [resource, asked] of requests) {
        const ceiling = asked > 0 ? limit.ceilingOf(resource) : undefined;
        if (typeof ceiling !== "number") continue;
        const used = this.used.get(limit)?.get(resource) ?? 0;
        const pods = Math.max(0, Math.floor((ceiling - used) / asked));
        if (pods < left.pods) left = { pods, by: { limit, resource, ceiling, used } };
      }
    }
    return left;
  }

  /** The limit that several sets together exceed; undefined where they are within all of them. */
  exceeded(limits: readonly Limit[], asking: readonly Asking[]): Exhausted | undefined {
    const { pods, by } = this.left(limits, total(asking));
    return pods >= 1 ? undefined : by;
  }

  /** Counts pods that run. */
  take(limits: readonly Limit[], { requests, pods }: Asking): void {
    for (const limit of limits) {
      const used = this.used.get(limit) ?? new Map<string, number>();
      this.used.set(limit, used);
      for (const [resource, asked] of requests) used.set(resource, (used.get(resource) ?? 0) + asked * pods);
    }
  }
}

/** `ClusterQueue research has 16 GPUs at most, of which 12 are in use`. */
export function exhaustedWords({ limit, resource, ceiling, used }: Exhausted): string {
  const most = `${limit.title} has ${amountText(resource, ceiling, "down")} at most`;
  return used === 0 ? most : `${most}, of which ${bareAmount(resource, used, "up")} are in use`;
}
