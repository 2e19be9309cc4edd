import { isUnknown } from "../../components/model";
import type { Amounts } from "../scheduling/amounts";
import type { Limit } from "./limits";

/** Pods with what each of them asks for. */
export interface Asking {
  requests: Amounts;
  pods: number;
}

/** A limit that lets fewer pods run than there are. */
export interface Tight {
  limit: Limit;
  resource: string;
  /** The most that there can be. */
  ceiling: number;
}

/** How many pods limits let run at once, when nothing else does. */
export interface Allowance {
  certain: number;
  /** If limits that are not known yet let all of them run. */
  possible: number;
  /** The limit that is reached first; undefined where none is known. */
  tightest: Tight | undefined;
  /** A limit that is not known yet. */
  unknown: { limit: Limit; resource: string } | undefined;
}

/** How many pods that ask for so much some limits let run. */
export function allowanceOf(limits: readonly Limit[], requests: Amounts): Allowance {
  const allowance: Allowance = { certain: Infinity, possible: Infinity, tightest: undefined, unknown: undefined };
  for (const limit of limits) {
    for (const [resource, asked] of requests) {
      if (!(asked > 0)) continue;
      const ceiling = limit.ceilingOf(resource);
      if (ceiling === undefined) continue;
      if (isUnknown(ceiling)) {
        allowance.certain = 0;
        allowance.unknown ??= { limit, resource };
        continue;
      }
      const pods = Math.max(0, Math.floor(ceiling / asked));
      allowance.certain = Math.min(allowance.certain, pods);
      if (pods >= allowance.possible) continue;
      allowance.possible = pods;
      allowance.tightest = { limit, resource, ceiling };
    }
  }
  return allowance;
}

/** What several sets of pods ask for together. */
export function total(asking: readonly Asking[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const { requests, pods } of asking) {
    for (const [resource, asked] of requests) sum.set(resource, (sum.get(resource) ?? 0) + asked * pods);
  }
  return sum;
}
