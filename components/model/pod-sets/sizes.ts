import { childAt, type Tree } from "../tree";
import { isUnknown } from "../unknown";
import type { PodSet } from "./pod-set";

/** How many pods a set has, in the terms of {@link PodSet}. */
export type PodSetSize = Pick<PodSet, "count" | "minCount">;

/** The size of a set that has so many pods, each of use by itself. */
export function alone(count: number | undefined): PodSetSize {
  return { count, minCount: 1 };
}

/** The size of a set of which all pods must run together. */
export function together(count: number | undefined): PodSetSize {
  return { count, minCount: Math.max(1, count ?? 1) };
}

/** The count at `owner[key]`, or `absent` where there is none; undefined where it is unknown or no count at all. */
export function countAt(owner: Tree, key: string, absent: number | undefined): number | undefined {
  const value = childAt(owner, key) ?? absent;
  return typeof value === "number" ? asCount(value) : undefined;
}

/** The number if it is a count, else undefined; what is too large to be exact is none. */
export function asCount(value: number): number | undefined {
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Product of counts; undefined where any of them is, unless another one is zero. */
export function product(...counts: (number | undefined)[]): number | undefined {
  if (counts.includes(0)) return 0;
  return counts.reduce((a, b) => (a === undefined || b === undefined ? undefined : asCount(a * b)));
}

/** Sum of counts; undefined where any of them is, and 0 of none. */
export function sum(counts: (number | undefined)[]): number | undefined {
  return counts.reduce<number | undefined>(
    (a, b) => (a === undefined || b === undefined ? undefined : asCount(a + b)),
    0,
  );
}

/** The larger of two counts; undefined where either is. */
export function larger(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

/** The smaller of a count and a bound that may be absent; an unknown count is no larger than its bound. */
export function atMost(count: number | undefined, bound: number | undefined): number | undefined {
  return count === undefined ? bound : Math.min(count, bound ?? count);
}

/** Pods of a workload that says `replicas`, 1 where it does not. */
export function replicas(owner: Tree): PodSetSize {
  return alone(countAt(owner, "replicas", 1));
}

/**
 * Pods that an autoscaler may raise from the count at one key to that at another. An upper bound that is absent, or
 * below the lower one, is as if equal to it.
 */
export function scaled(owner: Tree, lower: string, upper: string): number | undefined {
  return larger(countAt(owner, lower, 1), countAt(owner, upper, 0));
}

/**
 * A Job never runs more pods than it has completions to reach. Indexed Jobs are how frameworks start workers that wait
 * for each other, so all that may run at once must.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#parallel-jobs (v1.36)
 */
export function jobPods(owner: Tree): PodSetSize {
  const parallelism = countAt(owner, "parallelism", 1);
  const completions = countAt(owner, "completions", parallelism);
  const count = parallelism === undefined || completions === undefined ? undefined : Math.min(parallelism, completions);
  return childAt(owner, "completionMode") === "Indexed" ? together(count) : alone(count);
}

/** Pods of so many Jobs alike, which start and end together. */
export function jobsTogether(jobs: number | undefined, jobSpec: Tree): PodSetSize {
  return together(product(jobs, jobPods(jobSpec).count));
}

/** The count that a text or number stands for; undefined where it is unknown, absent or neither. */
export function countOf(value: Tree): number | undefined {
  if (isUnknown(value) || (typeof value !== "number" && typeof value !== "string") || value === "") return undefined;
  return asCount(Number(value));
}
