import type { PodSet, Unknown } from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import type { SchedulablePod } from "../scheduling/pod";

/** An object of a stack that brings pods. */
export interface Workload {
  resource: PlannedResource;
  /** As messages call it: `Job ml/mnist`. */
  title: string;
  namespace: string;
  /** Tenant whose namespace it is in; undefined where it is nobody's. */
  tenant: string | undefined;
  /** The ClusterQueue in which it waits; undefined where it is not queued, or the stack does not tell. */
  clusterQueue: string | undefined;
  /** Sets of pods that run at all, DaemonSets left out. */
  podSets: DemandedPodSet[];
  /** How long it runs. */
  timing: Timing;
}

/** One set of equal pods of a workload. */
export interface DemandedPodSet {
  podSet: PodSet;
  /** `Job ml/mnist`, or `PyTorchJob ml/bert Worker` where the object has several sets. */
  title: string;
  pod: SchedulablePod;
  /** Pods that may run at once, those of runs that overlap among them, 1 or more; undefined where it is not known. */
  count: number | undefined;
  /** Pods that must run together to be of use. */
  minCount: number;
  /** Pods that are left where nobody needs them; absent where no autoscaler is about them. */
  leastCount?: number | Unknown;
  /** Pods that its queue admits at once or not at all; absent where each of them waits by itself, or in no queue. */
  admittedCount?: number;
  /** Pods that its queue admits at once at most, and tries first; there where `admittedCount` is. */
  admittedMost?: number;
  /**
   * Those of higher priority go first, and push others away where there is no room; undefined where it is not known.
   */
  priority: number | undefined;
  /** Why there are never such pods, whatever is free; absent where nothing says so. */
  refusal?: Refusal;
}

/** Why pods of a set are never made, or never let go. */
export type Refusal = FieldRefusal | LimitRangeRefusal | UnqueuedRefusal;

/** Pods that name no queue where Kueue holds back what names none. */
export interface UnqueuedRefusal {
  kind: "unqueued";
  namespace: string;
}

/** A field with a value that the API server does not take. */
export interface FieldRefusal {
  kind: "field";
  /** Path inside the object. */
  path: string;
  /** What is wrong there, as a sentence without a period: `"banana" is no quantity`. */
  why: string;
}

/** Pods that ask for more, or less, than a LimitRange of their namespace allows. */
export interface LimitRangeRefusal {
  kind: "limit-range";
  /** As messages call it: `LimitRange small of namespace ml`. */
  title: string;
  /** The container, where it is one of several. */
  container?: string;
  /** The claim, where it is not the pods that ask for too much but what they mount. */
  claim?: string;
  resource: string;
  /** What is asked for and what may be used of it, in the units of `Amounts`; undefined where nothing says so. */
  request: number | undefined;
  limit: number | undefined;
  /** What is out of bounds, and the bound: in the units of `Amounts`, of a ratio how many times the request. */
  bound:
    { of: "request" | "limit"; is: "most" | "least"; amount: number } | { of: "ratio"; is: "most"; amount: number };
}

/** What is known of when a workload runs, and for how long. */
export interface Timing {
  /** `always` for services, `once` for jobs, `repeated` for what a schedule starts. */
  kind: "always" | "once" | "repeated";
  /** Hours that one run takes; undefined where nothing tells. */
  hours?: number;
  /** What tells it: the annotation, or the deadline, which is the longest it can take. */
  hoursFrom?: "annotation" | "deadline";
  /** Runs in an average week; of `repeated` only. */
  runsPerWeek?: number;
  /** Runs that are under way at once at the most, of those that overlap; absent where there is one at a time. */
  runsAtOnce?: number;
  /** Runs in all, for trials of an experiment: how many there are, and how many at once. */
  trials?: { total: number; parallel: number };
}
