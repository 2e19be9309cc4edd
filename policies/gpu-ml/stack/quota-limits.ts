import { isTreeObject, isUnknown, nodeAt, UNKNOWN, type Tree, type Unknown } from "../../../components/model";
import { amountAt } from "../../../preflight/demand/amount-at";
import { areScoped, HARD_LIMITS } from "../../../preflight/demand/quotas";
import type { PodGroup } from "../../engine/pods";
import type { Subject } from "../../engine/subject";
import { nameOf, namespaceOf } from "./object-index";
import { clusterQueueOf, queuesOf, type Queues } from "./queues";

/** An upper bound that a stack sets for what pods may have of a resource at the same time. */
export interface QuotaLimit {
  /** Undefined where that is not known yet. */
  resource: string | undefined;
  amount: number | Unknown;
  /** What sets it, as messages name it: `ResourceQuota ml/gpus`. */
  by: string;
}

/** The bounds that a stack sets, by what they hold for. */
export interface QuotaLimits {
  /** Limits whose namespace is not known yet are under the marker. */
  byNamespace: ReadonlyMap<string | Unknown, readonly QuotaLimit[]>;
  queues: Queues;
}

/**
 * Extended resources are counted by requests only, and only with this prefix.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/ "Resource quota for extended resources", v1.36
 */
const REQUESTS = "requests.";

/** Collects the quotas of a stack, but for those that hold for some pods of a namespace only, and the queues of Kueue. */
export function quotaLimitsOf(subjects: Subject[]): QuotaLimits {
  const byNamespace = new Map<string | Unknown, QuotaLimit[]>();
  for (const subject of subjects) {
    const quota = quotaOf(subject);
    if (quota === undefined) continue;
    const known = byNamespace.get(quota.namespace) ?? [];
    byNamespace.set(quota.namespace, tightest([...known, ...limitsOf(quota.hard, subject.title)]));
  }
  return { byNamespace, queues: queuesOf(subjects) };
}

/** Of several quotas for the same resource the least counts, and beside it one that is not known yet. */
function tightest(limits: QuotaLimit[]): QuotaLimit[] {
  const kept = new Map<string, QuotaLimit>();
  for (const limit of limits) {
    const key = `${String(limit.resource)} ${typeof limit.amount}`;
    const other = kept.get(key)?.amount;
    const isLess = !isUnknown(limit.amount) && typeof other === "number" && limit.amount < other;
    if (other === undefined || isLess) kept.set(key, limit);
  }
  return [...kept.values()];
}

function limitsOf(hard: Tree, by: string): QuotaLimit[] {
  if (isUnknown(hard)) return [{ resource: undefined, amount: UNKNOWN, by }];
  return Object.keys(isTreeObject(hard) ? hard : {})
    .filter((key) => key.startsWith(REQUESTS))
    .flatMap((key) => {
      const resource = key.slice(REQUESTS.length);
      const amount = amountAt(hard, key, resource);
      return amount === undefined ? [] : [{ resource, amount, by }];
    });
}

/** What bounds how much of a resource some pods of an object may have together. */
export function limitsFor(subject: Subject, pods: PodGroup, resource: string, limits: QuotaLimits): QuotaLimit[] {
  const namespace = namespaceOf(subject);
  const { byNamespace } = limits;
  const certain = isUnknown(namespace) ? [] : (byNamespace.get(namespace) ?? []);
  const possible = isUnknown(namespace) ? [...byNamespace.values()].flat() : (byNamespace.get(UNKNOWN) ?? []);
  const all = [...certain, ...possible.map((limit): QuotaLimit => ({ ...limit, amount: UNKNOWN }))];
  const ofNamespace = all.filter((limit) => limit.resource === undefined || limit.resource === resource);
  return [...ofNamespace, ...queueLimits(subject, pods, resource, limits)];
}

function queueLimits(subject: Subject, pods: PodGroup, resource: string, { queues }: QuotaLimits): QuotaLimit[] {
  const queue = clusterQueueOf(subject, pods, queues);
  if (queue === undefined) return [];
  if (isUnknown(queue)) return [{ resource, amount: UNKNOWN, by: "its ClusterQueue" }];
  const amount = queues.ceilings.ceilingOf(queue.tree, resource);
  return amount === undefined ? [] : [{ resource, amount, by: queue.title }];
}

interface Quota {
  namespace: string | Unknown;
  hard: Tree;
}

function quotaOf(subject: Subject): Quota | undefined {
  const limits = HARD_LIMITS.find(({ group, kind }) => subject.is(`${group}/${kind}`));
  if (limits === undefined || areScoped(subject.tree)) return undefined;
  return {
    namespace: limits.isOfName ? nameOf(subject) : namespaceOf(subject),
    hard: nodeAt(subject.tree, limits.path),
  };
}
