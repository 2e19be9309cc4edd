/** Counts the tries of workloads that failed: pods that were there together make one. */
export class FailedTries {
  private readonly counts = new Map<string, { tries: number; last: number }>();

  /**
   * Takes in that a pod failed.
   *
   * @param workload the workload that it is of, by its uid.
   * @param since when the pod was first seen; one that was there when another failed is of the same try.
   * @param at when it failed.
   * @returns failed tries of the workload up to now.
   */
  add(workload: string, since: number, at: number): number {
    const before = this.counts.get(workload);
    if (before !== undefined && since <= before.last) return before.tries;
    const tries = (before?.tries ?? 0) + 1;
    this.counts.set(workload, { tries, last: at });
    return tries;
  }

  /** Failed tries of a workload. */
  of(workload: string): number {
    return this.counts.get(workload)?.tries ?? 0;
  }
}
