import type { Amounts } from "../scheduling/amounts";

/**
 * The part of an empty node that a pod takes, from 0 to 1: that of the resource of which it takes most, as it is this one
 * that keeps others from the node. Undefined where the pod asks for something that the node has not got, or for more.
 *
 * @see https://www.usenix.org/conference/nsdi11/dominant-resource-fairness-fair-allocation-multiple-resource-types
 */
export function nodeShare(requests: Amounts, free: Amounts): number | undefined {
  const shares = [...requests]
    .filter(([, amount]) => amount > 0)
    .map(([name, amount]) => amount / (free.get(name) ?? 0));
  const most = Math.max(0, ...shares);
  return most <= 1 ? most : undefined;
}
