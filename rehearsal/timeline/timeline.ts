/** A moment at which a number changed, in seconds of the scenario, and what it is from then on. */
export interface Step {
  at: number;
  value: number;
}

/** How far a workload came. */
export type Outcome =
  /** It ended, well or not. */
  | "succeeded"
  | "failed"
  /** At the end of the rehearsal some of its pods run. */
  | "running"
  /** It ran, and waits to run again. */
  | "interrupted"
  /** It never ran. */
  | "waiting"
  /** The API server did not take it. */
  | "refused"
  /** It was deleted before it ended. */
  | "gone";

/** A workload, from its arrival to its end; times in seconds of the scenario, absent where it did not come so far. */
export interface WorkloadSpan {
  /** As reports call it: `Job research/train`. */
  title: string;
  kind: string;
  namespace: string;
  name: string;
  /** Name of the arrival in the scenario; absent for workloads of the stack. */
  arrival?: string;
  arrived: number;
  /** LocalQueue in which it waits, where it waits in one. */
  queue?: string;
  queued?: number;
  /** When the queue let it go first. */
  admitted?: number;
  /** When its first pod ran. */
  started?: number;
  ended?: number;
  outcome: Outcome;
  /** Times that it was begun, because a try failed; 0 where it never ran. */
  tries: number;
  /** Times that it, or one of its pods, had to give its place back. */
  evictions: number;
  /** Pods that it had in all. */
  pods: number;
  /** GPUs that its pods held at most at once. */
  mostGpus: number;
  /** GPUs that its pods held, times the hours. */
  gpuHours: number;
  /** Whether it goes on until somebody ends it. */
  isService: boolean;
  /** Why it does not run, or how it ended, in the words of whoever decided it. */
  reason?: string;
}

/** A pod on its node. */
export interface PodSpan {
  /** Title of its workload. */
  workload: string;
  namespace: string;
  name: string;
  node: string;
  gpus: number;
  /** GPUs of the node by number from 0, as the page draws it; which ones a pod has nobody decides here. */
  lanes: number[];
  /** When it was bound to the node. */
  from: number;
  /** When it ended or was gone; absent where it holds its place at the end. */
  to?: number;
  outcome: "succeeded" | "failed" | "evicted" | "gone" | "running";
}

/** A node while it was there. */
export interface NodeSpan {
  name: string;
  instanceType: string;
  pool: string;
  capacityType: string;
  zone: string;
  gpus: number;
  from: number;
  /** When it was gone; absent where it is there at the end. */
  to?: number;
}

/** GPUs at a moment, until the next. */
export interface GpuStep {
  at: number;
  inUse: number;
  there: number;
}

/** Something that had to give its place back. */
export interface Eviction {
  at: number;
  workload: string;
  /** The pod; absent where Kueue took the place of the whole workload. */
  pod?: string;
  reason: string;
}

/** Workloads that hold a part of what they need while nothing runs on that could give them the rest. */
export interface Deadlock {
  from: number;
  to: number;
  workloads: { title: string; gpusHeld: number; podsPlaced: number; podsWaiting: number }[];
}

/** What a fault took from a workload. */
export interface StruckWorkload {
  /** Title of the workload. */
  workload: string;
  podsLost: number;
  /** When it held as many places again as before, pods that ended well meanwhile aside; absent where it did not. */
  wholeAgain?: number;
  /** How far it came in the end. */
  outcome: Outcome;
}

/** Something that went wrong on purpose, and what came of it. */
export interface FaultMark {
  /** When it began. */
  at: number;
  kind: string;
  did: string;
  happened: boolean;
  /** Workloads that lost pods with the nodes that it took. */
  struck: StruckWorkload[];
  /** Workloads whose pods waited on their nodes for images that it kept away; absent where there are none. */
  withoutImage?: { workload: string; pods: number }[];
  /** When all controllers that it killed ran again; absent where it killed none, or one did not. */
  controllersBack?: number;
  /** Workloads that had come and not ended when it began, counted by how far they came in the end. */
  open: Partial<Record<Outcome, number>>;
}

/** What happened in a rehearsal. */
export interface Timeline {
  /** Length, in seconds of the scenario. */
  ends: number;
  workloads: WorkloadSpan[];
  pods: PodSpan[];
  nodes: NodeSpan[];
  /** Workloads that wait, queue by queue. */
  queues: { queue: string; waiting: Step[] }[];
  /** Pods for which the scheduler finds no node. */
  unschedulable: Step[];
  gpus: GpuStep[];
  evictions: Eviction[];
  deadlocks: Deadlock[];
  faults: FaultMark[];
}
