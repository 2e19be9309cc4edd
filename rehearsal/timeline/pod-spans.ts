import { titleOf } from "./deadlock";
import type { Observation, PodSeen } from "./observation";
import type { Eviction, PodSpan } from "./timeline";
import type { World } from "./world";

interface Placement {
  seen: PodSeen;
  /** Uid and title of its workload. */
  root: string;
  workload: string;
  from: number | undefined;
  to?: number;
  outcome: PodSpan["outcome"];
}

/** Gathers from when to when pods hold their places. */
export class PodSpans {
  private readonly byUid = new Map<string, Placement>();

  /** @param world knows who made what. */
  constructor(private readonly world: World) {}

  /** Takes in what was seen, at a time of the scenario. */
  see(observation: Observation, at: number): void {
    if (observation.of !== "pod") return;
    const placement = this.byUid.get(observation.uid) ?? this.placementOf(observation);
    this.byUid.set(observation.uid, placement);
    placement.seen = { ...observation, disruption: observation.disruption ?? placement.seen.disruption };
    if (observation.node !== undefined) placement.from ??= at;
    if (placement.to !== undefined || placement.from === undefined) return;
    const outcome = outcomeOf(placement.seen, observation.isGone === true);
    if (outcome === "running") return;
    placement.to = at;
    placement.outcome = outcome;
  }

  /** Those that had a place, without pods of the given workloads (by uid). */
  spans(without: ReadonlySet<string>): PodSpan[] {
    return this.placed(without).map(({ seen, workload, from, to, outcome }) => ({
      workload,
      namespace: seen.namespace,
      name: seen.name,
      node: seen.node!,
      gpus: seen.gpus,
      lanes: [],
      from: from!,
      ...(to === undefined ? {} : { to }),
      outcome,
    }));
  }

  /** Those that were pushed off their nodes. */
  evictions(without: ReadonlySet<string>): Eviction[] {
    return this.placed(without)
      .filter(({ outcome }) => outcome === "evicted")
      .map(({ seen, workload, to }) => ({
        at: to!,
        workload,
        pod: seen.name,
        reason: DISRUPTIONS[seen.disruption!] ?? seen.disruption!,
      }));
  }

  private placed(without: ReadonlySet<string>): Placement[] {
    return [...this.byUid.values()].filter(({ from, root }) => from !== undefined && !without.has(root));
  }

  private placementOf(seen: PodSeen): Placement {
    const root = this.world.workloadOf(seen);
    return { seen, root: root.uid, workload: titleOf(root), from: undefined, outcome: "running" };
  }
}

/**
 * Reasons of the condition `DisruptionTarget`, in words.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions (Kubernetes 1.36)
 */
const DISRUPTIONS: Record<string, string> = {
  PreemptionByScheduler: "the scheduler made room for a pod of higher priority",
  DeletionByTaintManager: "its node is not well, and it does not tolerate that",
  EvictionByEvictionAPI: "somebody drained its node",
  DeletionByPodGC: "its node is gone",
  TerminationByKubelet: "its node had to end it",
};

function outcomeOf({ phase, isLeaving, disruption }: PodSeen, isGone: boolean): PodSpan["outcome"] {
  if (phase === "Succeeded") return "succeeded";
  const isOver = phase === "Failed" || isGone;
  if (!isOver) return "running";
  if (disruption !== undefined) return "evicted";
  return isLeaving || phase !== "Failed" ? "gone" : "failed";
}
