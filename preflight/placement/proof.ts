import type { Obstacle } from "../scheduling/obstacle";

/** What is known of a set of pods before anything is started. */
export const Verdict = {
  /** All its pods can run at once. */
  runs: "runs",
  /** Those that must run together can; the rest waits for them. */
  queues: "queues",
  /** It can never run. */
  never: "never",
  /** Something that decides is not known yet. */
  undecided: "undecided",
} as const;
/** What is known of a set of pods before anything is started. */
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** What one pool is to one set of pods. */
export interface PoolVerdict {
  pool: string;
  /**
   * The instance type by which it is told where nodes may be of several: the one that is preferred of those that take
   * the pods, else the one that is closest to it. Absent for other pools.
   */
  instanceType?: string;
  /** Pods of the set that an empty node takes, of the type that takes most; 0 where none takes any. */
  perNode: number;
  /** Pods of the set that the pool takes at its largest, by itself; `Infinity` where nothing bounds it. */
  atOnce: number;
  /** Why an empty node takes none; empty where it takes some. */
  obstacles: readonly Obstacle[];
}

/** A limit outside the pools that keeps pods waiting. */
export interface QueueVerdict {
  /** Name of the ClusterQueue, of its cohort, or of the namespace whose quota it is. */
  clusterQueue: string;
  /** As messages call it: `ClusterQueue research`, `the quota of namespace ml`. */
  title: string;
  /** Resource of which there is too little. */
  resource: string;
  /**
   * What is needed of it by the pods that must run together, or by all where those can; and the most that there can
   * be.
   */
  needed: number;
  ceiling: number;
}

/** Whether a set of pods can run, where, how many at once, and if not, why not. */
export interface PlacementProof {
  /** URN of the workload's resource. */
  urn: string;
  /** `PyTorchJob ml/bert Worker`. */
  title: string;
  /** Path of the pod template inside the object. */
  path: string;
  count: number | undefined;
  minCount: number;
  verdict: Verdict;
  /**
   * Pods of the set that can run at once over all pools, within queues and quotas, when nothing else runs; `Infinity`
   * where nothing bounds them. With rules between pods it counts no further than the set has pods.
   */
  atOnce: number;
  /** Pools that take some first, then the others, the closest first. */
  pools: readonly PoolVerdict[];
  queues: readonly QueueVerdict[];
  /** Why it never runs, queues or is undecided, as a sentence without a period; empty where it runs. */
  reason: string;
  /** Path inside the object of what is not known yet, where the verdict is `undecided`. */
  unknownPath?: string;
}
