import { type PlacementProof, Verdict } from "../../../preflight/placement";
import type { Outcome } from "./trial";
import type { Work } from "./world";

/** What the plan says and the cluster did otherwise. */
export interface Disagreement {
  plan: string;
  cluster: string;
}

/**
 * Holds what became of a workload, alone in its environment, against what the plan says of it. The pods were first kept from
 * ending until nothing changed any more; then, where some waited, those that ran were let end, and so those that came.
 *
 * - `runs`: all pods of the set run at once.
 * - `queues`: so many run at once as the plan says, and no fewer than must run together; of what has an end, all ran in the
 *   end, and never more at once than that.
 * - `never`: while nothing ends, fewer run than must run together, though nothing else is there; of sets that must run
 *   together, at least one lacks its pods. Nothing is let end then: pods that wait for others do not end before these run.
 * - `undecided`: nothing is held against it.
 *
 * What a queue admits at once is never there in part: pods are made for all of it, or for none.
 */
export function disagreementsOf(work: Work, proofs: readonly PlacementProof[], outcome: Outcome): Disagreement[] {
  if (proofs.length !== work.sets.length) {
    return [{ plan: `${proofs.length} sets`, cluster: `${work.sets.length} sets` }];
  }
  const isWhole = proofs.every(({ minCount }, index) => outcome.running[index]! >= minCount);
  return proofs.flatMap((proof, index): Disagreement[] => {
    const { verdict, atOnce, minCount, count, reason } = proof;
    const running = outcome.running[index]!;
    const plan = `${proof.title}: ${verdict}, ${atOnce} of ${count} at once, ${minCount} together (${reason})`;
    const differ = (cluster: string): Disagreement[] => [
      { plan, cluster: `${cluster} (${outcome.reasons.join("; ")})` },
    ];
    switch (verdict) {
      case Verdict.runs:
        return running === count ? [] : differ(`${running} run`);
      case Verdict.queues: {
        if (running !== atOnce || running < minCount) return differ(`${running} run`);
        if (outcome.ended === false) return differ(`${running} run, and not all of them in the end`);
        return outcome.most[index]! <= atOnce ? [] : differ(`up to ${outcome.most[index]} run`);
      }
      case Verdict.never:
        if (proofs.length > 1) return isWhole ? differ(`all sets run, ${running} pods of it`) : [];
        return running < minCount ? [] : differ(`${running} run`);
      case Verdict.undecided:
        return [];
    }
  });
}
