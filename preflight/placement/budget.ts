import type { Amounts } from "../scheduling/amounts";
import { total, type Asking } from "./allowance";
import { amountText, bareAmount } from "./amount-text";
import type { Limit } from "./limits";

/** A limit that lets no more pods run. */
export interface Exhausted {
  limit: Limit;
  resource: string;
  ceiling: number;
  used: number;
}

/** What limits leave. */
export interface Left {
  /** More pods that they let run. */
  pods: number;
  /** The limit that lets no more; undefined where none bounds them. */
  by: Exhausted | undefined;
}

/** What of queues and quotas is in use. A limit that is not known yet holds nothing back. */
export class Budget {
  private readonly used = new Map<Limit, Map<string, number>>();

  /**
   * How many more pods limits let run.
   *
   * @param isOwn whether queues are to borrow nothing for them; false by default.
   */
  left(limits: readonly Limit[], requests: Amounts, isOwn = false): Left {
    let left: Left = { pods: Infinity, by: undefined };
    for (const limit of limits) {
      const { shared, ownOf } = limit;
      for (const [resource, asked] of requests) {
        if (!(asked > 0)) continue;
        const used = this.usedOf(limit, resource);
        left = smaller(left, limit, resource, asked, used);
        if (isOwn && ownOf !== undefined) {
          left = smaller(left, { ...limit, ceilingOf: ownOf }, resource, asked, used);
        }
        if (shared === undefined) continue;
        // What it keeps for itself and does not use yet, it need not take from its cohort.
        const spare = Math.max(0, shared.keptOf(resource) - used);
        left = smaller(left, shared.limit, resource, asked, this.usedOf(shared.limit, resource), spare);
      }
    }
    return left;
  }

  /** The limit that several sets together exceed; undefined where they are within all of them. */
  exceeded(limits: readonly Limit[], asking: readonly Asking[]): Exhausted | undefined {
    const { pods, by } = this.left(limits, total(asking));
    return pods >= 1 ? undefined : by;
  }

  /** Counts pods that are let run; fewer than none are given back. */
  take(limits: readonly Limit[], { requests, pods }: Asking): void {
    for (const limit of limits) {
      for (const [resource, asked] of requests) this.add(limit, resource, asked * pods);
    }
  }

  /** The same limit with what is in use now. */
  asUsed(exhausted: Exhausted): Exhausted {
    return { ...exhausted, used: this.usedOf(exhausted.limit, exhausted.resource) };
  }

  private usedOf(limit: Limit, resource: string): number {
    return this.used.get(limit)?.get(resource) ?? 0;
  }

  private add(limit: Limit, resource: string, amount: number): void {
    const before = this.usedOf(limit, resource);
    const used = this.used.get(limit) ?? new Map<string, number>();
    this.used.set(limit, used.set(resource, before + amount));
    if (limit.shared === undefined) return;
    const kept = limit.shared.keptOf(resource);
    this.add(limit.shared.limit, resource, Math.max(0, before + amount - kept) - Math.max(0, before - kept));
  }
}

function smaller(left: Left, limit: Limit, resource: string, asked: number, used: number, spare = 0): Left {
  const ceiling = limit.ceilingOf(resource);
  if (typeof ceiling !== "number") return left;
  const pods = Math.max(0, Math.floor((ceiling - used + spare) / asked));
  return pods < left.pods ? { pods, by: { limit, resource, ceiling, used } } : left;
}

/** `ClusterQueue research has 16 GPUs at most, of which 12 are in use`. */
export function exhaustedWords({ limit, resource, ceiling, used }: Exhausted): string {
  const most = `${limit.title} has ${amountText(resource, ceiling, "down")} at most`;
  return used === 0 ? most : `${most}, of which ${bareAmount(resource, used, "up")} are in use`;
}
