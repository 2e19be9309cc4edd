import { GPU_RESOURCE, gpuInstanceType } from "../../../components/model";

/** Nodes of one kind, which are all there before any pod. */
export interface StandingPool {
  machine: keyof typeof MACHINES;
  nodes: number;
  /** Whether pods must tolerate GPUs there. */
  isTainted: boolean;
}

/** Nodes of which none is there before a pod waits for it; Karpenter starts them. */
export interface StartedPool {
  /** Instance types that a node may be of, all with the same number of GPUs. */
  types: readonly string[];
  /** How many there may be. */
  nodes: number;
  /** Whether the pool says that in GPUs. */
  isBoundByGpus: boolean;
  isTainted: boolean;
}

export type Pool = StandingPool | StartedPool;

/** What a queue has by one flavor; amounts as Kubernetes writes them. */
export interface Flavor {
  /** Number of the pool whose nodes it is of; undefined for any. */
  pool?: number;
  quotas: Record<string, string>;
  borrowingLimit?: Record<string, string>;
  lendingLimit?: Record<string, string>;
  /** What it does about the taint of its nodes: admits by it, leaves it to the pods, or demands that they tolerate it. */
  taint: "tolerated" | "left" | "demanded";
}

/** The ClusterQueue behind the LocalQueue. */
export interface Queue {
  /** Resources that it covers, those that go by the same flavor together. */
  groups: string[][];
  flavors: Flavor[];
  /** Quotas of another queue of its cohort, for the same flavors in their order; undefined where it is in no cohort. */
  neighbour?: Flavor[];
  borrowsLast: boolean;
}

/** What a namespace has, and how its LocalQueue is called. */
export interface Namespace {
  /** Whether Kueue manages it. */
  isQueued: boolean;
  localQueue: string;
  quota?: Record<string, string>;
}

/** Pods that are alike. */
export interface Pods {
  count: number;
  requests: Record<string, string>;
  tolerates: boolean;
  /** Number of the pool whose nodes they select. */
  pool?: number;
  /** How they keep apart, if at all. */
  apart?: "one per node" | "even";
}

/** What runs. */
export interface Work {
  kind: "Job" | "Indexed Job" | "JobSet" | "Deployment" | "StatefulSet" | "Pod";
  /** Of a JobSet one or two, of others one. */
  sets: Pods[];
  /** Name of the LocalQueue in its label, if it has one. */
  queue?: string;
  /** Pods with which the queue may admit a Job at least. */
  leastPods?: number;
}

/** An environment with one workload: a case of the comparison. */
export interface World {
  pools: Pool[];
  queue?: Queue;
  namespace: Namespace;
  work: Work;
}

/** What a node of each kind offers. */
export const MACHINES = {
  cpu: { cpu: "4", memory: "16Gi", pods: "20" },
  gpu1: { cpu: "4", memory: "16Gi", pods: "20", "nvidia.com/gpu": "1" },
  gpu4: { cpu: "16", memory: "64Gi", pods: "20", "nvidia.com/gpu": "4" },
  gpu8: { cpu: "32", memory: "128Gi", pods: "20", "nvidia.com/gpu": "8" },
} as const;

/** Tells pools apart. */
export function isStarted(pool: Pool): pool is StartedPool {
  return "types" in pool;
}

/** GPUs that a pool has, all of its nodes together. */
export function gpusOf(pool: Pool): number {
  const perNode = isStarted(pool)
    ? gpuInstanceType(pool.types[0]!)!.gpuCount
    : Number((MACHINES[pool.machine] as Record<string, string>)[GPU_RESOURCE] ?? 0);
  return perNode * pool.nodes;
}
