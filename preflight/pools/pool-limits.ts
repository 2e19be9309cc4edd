import { isTreeObject, isUnknown, nodeAt } from "../../components/model";
import { amountOf } from "../scheduling/quantities";
import type { PoolUnknown } from "./planned-pool";
import { KARPENTER_POOL_TYPE, type PoolSource } from "./pool-source";

/** What all nodes of a pool may have together at most. */
export interface PoolLimits {
  /** By resource, in the units of `Amounts`; `nodes` counts them. */
  known: ReadonlyMap<string, number>;
  unknowns: PoolUnknown[];
}

/** What limits call the number of nodes. */
const NODES = "nodes";

/**
 * The limits of a NodePool; none for other pools. What is no quantity is not known.
 *
 * @see https://karpenter.sh/docs/concepts/nodepools/#speclimits (v1.14)
 */
export function poolLimitsOf({ makers: [maker] }: PoolSource): PoolLimits {
  const said = maker?.type === KARPENTER_POOL_TYPE ? nodeAt(maker.properties, "spec.limits") : undefined;
  const limits = isTreeObject(said) ? Object.entries(said) : [];
  const known = limits.flatMap(([resource, quantity]): [string, number][] => {
    const amount = isUnknown(quantity) ? undefined : amountOf(resource, quantity);
    return amount === undefined ? [] : [[resource, Math.max(0, amount)]];
  });
  const unknowns = limits.flatMap(([resource, quantity]): PoolUnknown[] => {
    if (
      quantity === undefined ||
      quantity === null ||
      (!isUnknown(quantity) && amountOf(resource, quantity) !== undefined)
    ) {
      return [];
    }
    const problem = isUnknown(quantity) ? "not known yet" : `${JSON.stringify(quantity)}, which is no quantity`;
    return [{ property: "maxNodes", reason: `its limit of ${resource} is ${problem}` }];
  });
  return { known: new Map(known), unknowns };
}

/** What a node takes of each limit: what its machine has, before anything is kept back of it. */
export function usesOf(limits: PoolLimits["known"], capacity: ReadonlyMap<string, number>): number[] {
  return [...limits.keys()].map((resource) => (resource === NODES ? 1 : (capacity.get(resource) ?? 0)));
}

/**
 * Weight of a NodePool, by which Karpenter asks it before others; undefined where none is told.
 *
 * @see https://karpenter.sh/docs/concepts/nodepools/#specweight (v1.14)
 */
export function weightOf({ makers: [maker] }: PoolSource): number | undefined {
  const weight = maker?.type === KARPENTER_POOL_TYPE ? nodeAt(maker.properties, "spec.weight") : undefined;
  return typeof weight === "number" ? weight : undefined;
}
