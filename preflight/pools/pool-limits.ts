import { isTreeObject, isUnknown, nodeAt } from "../../components/model";
import { amountOf } from "../scheduling/quantities";
import type { PoolUnknown } from "./planned-pool";
import type { PlannedResource } from "../planned-resource";
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
 * The limits of a NodePool, or of several that make one pool together; none for other pools. What is no quantity is not
 * known.
 *
 * @see https://karpenter.sh/docs/concepts/nodepools/#speclimits (v1.14)
 */
export function poolLimitsOf({ makers }: PoolSource): PoolLimits {
  const [first = { known: new Map<string, number>(), unknowns: [] }, ...others] = makers.map(limitsOf);
  return others.reduce(
    (sum, limits) => ({
      known: sumOf(sum.known, limits.known),
      unknowns: [...sum.unknowns, ...limits.unknowns],
    }),
    first,
  );
}

/** What one of them does not limit, all together do not. */
function sumOf(some: PoolLimits["known"], others: PoolLimits["known"]): PoolLimits["known"] {
  return new Map(
    [...some].flatMap(([resource, most]) => {
      const more = others.get(resource);
      return more === undefined ? [] : [[resource, most + more] as const];
    }),
  );
}

function limitsOf(maker: PlannedResource): PoolLimits {
  const said = maker.type === KARPENTER_POOL_TYPE ? nodeAt(maker.properties, "spec.limits") : undefined;
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
export function weightOf({ makers }: PoolSource): number | undefined {
  const weights = makers.flatMap(({ type, properties }) => {
    return type === KARPENTER_POOL_TYPE ? [nodeAt(properties, "spec.weight")] : [];
  });
  return weights.find((weight) => typeof weight === "number");
}
