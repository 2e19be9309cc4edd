import type { PoolCapacity } from "./queue-plan-capacity";
import { dividedQuotas, type QueueShare } from "./queue-plan-division";

/** Label of namespaces whose jobs wait in queues: Kueue manages what is in them, and ClusterQueues take from them. */
export const QUEUED_NAMESPACE_LABEL = "mlstack.dev/queued";

/** Which workloads of its own a queue stops for one that waits. */
export const QueuePreemptionRule = {
  /** None. */
  never: "Never",
  /** Those of lower priority. */
  lowerPriority: "LowerPriority",
  /** Those of lower priority, and of equal priority where they are newer. */
  lowerOrNewerEqualPriority: "LowerOrNewerEqualPriority",
} as const;
/** Which workloads of its own a queue stops for one that waits. */
export type QueuePreemptionRule = (typeof QueuePreemptionRule)[keyof typeof QueuePreemptionRule];

/** Which workloads of others a queue stops to have back what it lent. */
export const QueueReclaimRule = {
  /** None: it waits until they end. */
  never: "Never",
  /** Those of lower priority than what waits. */
  lowerPriority: "LowerPriority",
  /** Any that use more than the quota of their own queue. */
  any: "Any",
} as const;
/** Which workloads of others a queue stops to have back what it lent. */
export type QueueReclaimRule = (typeof QueueReclaimRule)[keyof typeof QueueReclaimRule];

/** What a queue may stop for workloads that wait. */
export interface QueuePreemption {
  /** Of its own workloads; `LowerPriority` by default. */
  withinQueue?: QueuePreemptionRule;
  /** Of others that use what it lent; `Any` by default, so that a quota is there when it is needed. */
  reclaim?: QueueReclaimRule;
  /** Whether it may stop workloads of lower priority even to borrow; false by default. */
  borrowByPreemption?: boolean;
}

/** Whether a queue admits workloads. */
export const QueueStop = {
  /** It admits them. */
  none: "None",
  /** It admits no more; what runs goes on. */
  hold: "Hold",
  /** It admits no more, and stops what runs. */
  holdAndDrain: "HoldAndDrain",
} as const;
/** Whether a queue admits workloads. */
export type QueueStop = (typeof QueueStop)[keyof typeof QueueStop];

/** What a queue has of one pool. */
export interface QueueQuota {
  /** Name of the pool. */
  pool: string;
  /** GPUs that are the queue's own, from 0; an even share of those that no queue names by default. */
  gpus?: number;
  /** CPU, a Kubernetes quantity; by default in proportion to GPUs, or an even share of pools without any. */
  cpu?: string;
  /** Memory, a Kubernetes quantity; by default like CPU. */
  memory?: string;
  /** GPUs that it may have beyond its own while others leave them idle; as many as there are by default. */
  borrowingLimitGpus?: number;
  /** GPUs of its own that others may have while it leaves them idle; all of them by default. */
  lendingLimitGpus?: number;
}

/** A queue, declared in terms of pools and GPUs. */
export interface QueueDeclaration {
  /** Name of the ClusterQueue. */
  name: string;
  /**
   * What it has of which pool, pools to be tried first foremost; an even share of every pool by default. Pools without GPUs
   * always come before the others, and with an even share where they are not named, so that pods without GPUs have a place.
   */
  quotas?: QueueQuota[];
  /** Cohort within which it lends and borrows; that of all queues by default. An empty text keeps it out of any. */
  cohort?: string;
  /** What it may stop for workloads that wait. */
  preemption?: QueuePreemption;
  /** Its part of what is lent, relative to the other queues, above 0; 1 by default. */
  fairShareWeight?: number;
  /**
   * Whether a workload that does not fit keeps those behind it waiting; false by default. True keeps large jobs from starving
   * behind small ones, at the cost of idle GPUs.
   */
  strict?: boolean;
  /** Labels of the namespaces that it takes from, beside `mlstack.dev/queued=true`; none by default. */
  namespaceLabels?: Record<string, string>;
  /** Whether it admits workloads; `None` stops nothing, by default. */
  stop?: QueueStop;
}

/** One resource of a pool in a queue, in canonical Kubernetes spelling. */
export interface PlannedResource {
  name: string;
  nominalQuota: string;
  borrowingLimit?: string;
  lendingLimit?: string;
}

/** What a queue has of a pool, every resource that any pool has among it, always in the same order. */
export interface PlannedFlavor {
  pool: string;
  resources: PlannedResource[];
}

/** A queue with all its numbers. */
export interface PlannedQueue {
  declaration: QueueDeclaration;
  /** Cohort within which it lends and borrows; undefined where it is in none. */
  cohort?: string;
  flavors: PlannedFlavor[];
}

/** Queues with all their numbers. */
export interface QueuePlan {
  /** Every resource that pods can ask for, in the order that each flavor has them. */
  resources: string[];
  queues: PlannedQueue[];
}

/** What queues are planned from. */
export interface QueuePlanInput {
  capacities: PoolCapacity[];
  queues: QueueDeclaration[];
  /** Cohort of queues that name none; without it they are in none. */
  cohort?: string;
}

/** Cohort of a queue; undefined where it is in none. */
export function cohortOf({ cohort: own }: QueueDeclaration, shared: string | undefined): string | undefined {
  const cohort = own ?? shared;
  return cohort === "" ? undefined : cohort;
}

/**
 * Works out what each queue has of each pool. Pure: the same declarations give the same plan.
 *
 * What passes `checkQuotas` never adds up to more than a pool at its ceiling has.
 */
export function planQueues(input: QueuePlanInput): QueuePlan {
  const resources = coveredResources(input.capacities);
  const shares = dividedQuotas(input.capacities, input.queues);
  const queues = input.queues.map((declaration, index) => {
    const cohort = cohortOf(declaration, input.cohort);
    const flavors = shares[index]!.map((share) => plannedFlavor(share, resources, cohort !== undefined));
    return { declaration, flavors, ...(cohort === undefined ? {} : { cohort }) };
  });
  return { resources, queues };
}

/** Resources in a fixed order: those that every node has first, then devices as the pools bring them. */
function coveredResources(capacities: PoolCapacity[]): string[] {
  return [...new Set(["cpu", "memory", "ephemeral-storage", ...capacities.flatMap(({ total }) => Object.keys(total))])];
}

function plannedFlavor({ pool, amounts, lent, borrowed }: QueueShare, resources: string[], inCohort: boolean) {
  const planned = resources.map((name) => {
    const limits = {
      ...(borrowed[name] === undefined ? {} : { borrowingLimit: borrowed[name] }),
      ...(lent[name] === undefined ? {} : { lendingLimit: lent[name] }),
    };
    return { name, nominalQuota: amounts[name] ?? "0", ...(inCohort ? limits : {}) };
  });
  return { pool, resources: planned };
}
