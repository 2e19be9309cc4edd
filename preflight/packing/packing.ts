/** Pods of one set on one node. */
export interface NodePods {
  /** Title of the set. */
  podSet: string;
  pods: number;
  /** GPUs that each of them has; 0 for pods without. */
  gpusPerPod: number;
}

/** Nodes of a pool that carry the same pods. */
export interface NodeLayout {
  /** How many nodes look like this. */
  nodes: number;
  /** Instance type of these nodes, where the pool may have several. */
  instanceType?: string;
  pods: readonly NodePods[];
  /** GPUs of a node that no pod of the layout has. */
  idleGpus: number;
  /** Those of them that no declared workload could have. */
  strandedGpus: number;
  /** Why, as a sentence without a period; absent where there are none. */
  strandedReason?: string;
}

/** Nodes of one instance type. */
export interface MachineNodes {
  instanceType: string;
  nodes: number;
}

/** A pool when everything that may run at once does. */
export interface PoolPacking {
  pool: string;
  /** Nodes that are there: those in use, and those that the pool keeps anyway; at most its largest size. */
  nodes: number;
  /** The nodes by instance type, in the order of these; absent where all nodes of the pool are taken to be alike. */
  machines?: readonly MachineNodes[];
  gpus: number;
  gpusInUse: number;
  /**
   * Idle GPUs that no declared workload could have: something else of the node is used up, or what is left is less
   * than any of them asks for.
   */
  strandedGpus: number;
  layouts: readonly NodeLayout[];
}

/** Pods that must wait while everything else runs. */
export interface WaitingPods {
  podSet: string;
  pods: number;
  /** As a sentence without a period. */
  reason: string;
}

/** Workloads whose pods must run together, which nobody starts whole, and which have no room at once. */
export interface Contention {
  /** Their titles, two or more. */
  workloads: readonly string[];
  /** Pools that any of them may be on. */
  pools: readonly string[];
}

/** Everything that may run at once, on all pools together: the worst case. */
export interface Packing {
  pools: readonly PoolPacking[];
  waiting: readonly WaitingPods[];
  /** Those that may keep each other from ever running; absent where there are none. */
  contentions?: readonly Contention[];
}
