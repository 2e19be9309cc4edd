import { checkWholeNumber, type InputProblem, inputProblem } from "../internal";

/** How many nodes a pool may have, has at least, and starts with. */
export interface PoolScale {
  minNodes: number;
  maxNodes: number;
  desiredNodes: number;
}

/**
 * Most nodes of a pool: as many as Kubernetes supports in a whole cluster.
 *
 * @see https://kubernetes.io/docs/setup/best-practices/cluster-large/ "Considerations for large clusters" (1.35)
 */
export const MAX_NODES = 5000;

/** The smallest sound maxNodes for some other counts, so that a mistake in one of these is reported there alone. */
export function leastMaxNodes(...counts: number[]): number {
  return Math.min(Math.ceil(Math.max(1, ...counts)), MAX_NODES);
}

/** Checks `leastNodes <= minNodes <= desiredNodes <= maxNodes <= 5000`, whole numbers all. */
export function checkScale({ minNodes, maxNodes, desiredNodes }: PoolScale, leastNodes: number): InputProblem[] {
  const problems = [
    ...checkWholeNumber("minNodes", minNodes, { min: leastNodes, max: MAX_NODES }),
    ...checkWholeNumber("maxNodes", maxNodes, { min: 1, max: MAX_NODES }),
  ];
  if (problems.length > 0) return problems;
  if (minNodes > maxNodes) {
    return [inputProblem("minNodes", minNodes, `at most maxNodes, ${maxNodes}`, "Lower minNodes or raise maxNodes.")];
  }
  return checkWholeNumber("desiredNodes", desiredNodes, { min: minNodes, max: maxNodes });
}
