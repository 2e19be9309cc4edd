import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { QUEUE_LABEL } from "../../model";
import { JOB_LABEL, QUEUE_PRIORITY_LABEL } from "./labels";
import { lineageMetadata } from "./lineage";
import type { ObjectArgs } from "./object-args";
import type { GangArgs, QueueArgs } from "./queue-args";

/** Queue of gangs that name none; tenants have one of this name. */
export const DEFAULT_QUEUE = "default";

/** What a workload's object and pods are labelled and annotated with. */
export interface WorkloadMetadata {
  /** Name of the object. */
  objectName: string;
  /** Labels of object and pods: the author's, the lineage's, and the name. */
  labels: Record<string, pulumi.Input<string>>;
  /** Annotations of object and pods: the lineage's. */
  annotations: Record<string, pulumi.Input<string>>;
}

/** What a workload's object and its pods are labelled and annotated with, lineage included. */
export function workloadMetadata(name: string, args: ObjectArgs, image?: pulumi.Input<string>): WorkloadMetadata {
  const objectName = args.objectName ?? name;
  const { labels, annotations } = lineageMetadata(args.lineage, image);
  return { objectName, labels: { ...args.labels, ...labels, [JOB_LABEL]: objectName }, annotations };
}

/** The `metadata` of a workload's object. `queue` are labels of {@link queueLabels}, on the kinds that wait as a whole. */
export function objectMetadata(
  args: ObjectArgs,
  { objectName, labels, annotations }: WorkloadMetadata,
  queue: Record<string, pulumi.Input<string>> = {},
) {
  return compact({
    name: objectName,
    namespace: args.namespace,
    labels: { ...labels, ...queue },
    annotations: Object.keys(annotations).length === 0 ? undefined : annotations,
  });
}

/**
 * The labels by which Kueue knows where a workload waits; empty for one that does not wait.
 *
 * @see https://kueue.sigs.k8s.io/docs/reference/labels-and-annotations/ (Kueue 0.19)
 */
export function queueLabels({ queue, queuePriority }: QueueArgs): Record<string, pulumi.Input<string>> {
  return compact({ [QUEUE_LABEL]: queue, [QUEUE_PRIORITY_LABEL]: queuePriority });
}

/** The same for a workload whose pods are of use only together; several of them wait unless they say that they do not. */
export function gangQueueLabels(args: GangArgs, pods: number): Record<string, pulumi.Input<string>> {
  const { gang = true, queue, queuePriority } = args;
  const ofGang = gang && pods > 1 ? DEFAULT_QUEUE : undefined;
  return queueLabels(compact({ queue: queue ?? ofGang, queuePriority }));
}
