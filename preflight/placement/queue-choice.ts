import type { DemandedPodSet } from "../demand/workload";
import type { Budget, Exhausted } from "./budget";
import type { Entry, Variant } from "./entry";

/** Pods of a set that its queue admits at once. */
export interface Admission {
  entry: Entry;
  /** The pods, as the flavors that it chose admit them. */
  variant: Variant;
  pods: number;
}

/** Why a queue does not admit some pods. */
export interface Refusal {
  entry: Entry;
  /**
   * What holds them back, by each of the ways in which they could be admitted; where there is a choice of flavors, with what
   * the sets before them take.
   */
  exhausted: readonly Exhausted[];
}

/** Pods that are admitted at once: as many as there are, or at least so many. */
export function admittedAtOnce({ minCount, admittedCount, admittedMost }: DemandedPodSet): {
  least: number;
  most: number;
} {
  const least = admittedCount ?? minCount;
  return { least, most: Math.max(least, admittedMost ?? least) };
}

/** Whether a set is admitted in several goes, each by whatever flavors have quota left for it then. */
export function isAdmittedInGoes({ set, queue }: Entry): boolean {
  return queue !== undefined && (set.count ?? Infinity) > admittedAtOnce(set).most;
}

/**
 * Admits sets together or not at all, each by the first flavors in the order of their queue that have quota left for all
 * of its pods, and takes that out of a budget. Whether nodes have room is nothing that a queue looks at.
 *
 * @see https://github.com/kubernetes-sigs/kueue/blob/v0.19.2/pkg/scheduler/flavorassigner/flavorassigner.go
 * `findFlavorForPodSets`
 */
export function admitted(entries: readonly Entry[], budget: Budget): Admission[] | Refusal {
  const admissions: Admission[] = [];
  for (const entry of entries) {
    const choice = chosen(entry, budget);
    if (choice === undefined) {
      const exhausted = exhaustedOf(entry, budget);
      giveBack(admissions, budget);
      const hasChoice = entries.some(({ variants }) => variants.length > 1);
      return { entry, exhausted: hasChoice ? exhausted : exhausted.map((each) => budget.asUsed(each)) };
    }
    budget.take(choice.variant.limits, { requests: choice.variant.pod.requests, pods: choice.pods });
    admissions.push(choice);
  }
  return admissions;
}

function giveBack(admissions: readonly Admission[], budget: Budget): void {
  for (const { variant, pods } of admissions) {
    budget.take(variant.limits, { requests: variant.pod.requests, pods: -pods });
  }
}

/** Variants in the order in which a queue tries them for so many pods: those for which it need not borrow may come first. */
export function inOrder({ variants, queue }: Entry, pods: number, budget: Budget): readonly Variant[] {
  if (queue?.borrowsLast !== true || variants.length === 1) return variants;
  const borrows = ({ limits, pod }: Variant) =>
    limits.filter((limit) => budget.left([limit], pod.requests, true).pods < pods).length;
  return [...variants].sort((a, b) => borrows(a) - borrows(b));
}

function chosen(entry: Entry, budget: Budget): Admission | undefined {
  const { least, most } = admittedAtOnce(entry.set);
  let best: Admission | undefined;
  for (const variant of inOrder(entry, most, budget)) {
    const pods = Math.min(most, budget.left(variant.limits, variant.pod.requests).pods);
    if (pods === most) return { entry, variant, pods };
    if (pods >= least && pods > (best?.pods ?? 0)) best = { entry, variant, pods };
  }
  return best;
}

function exhaustedOf({ variants }: Entry, budget: Budget): Exhausted[] {
  return variants.flatMap(({ limits, pod }) => budget.left(limits, pod.requests).by ?? []);
}
