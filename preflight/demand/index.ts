export { namespaceQuotasOf, type NamespaceQuotas } from "./quotas";
export type { QueueCeiling } from "./queue-ceilings";
export type { Queue } from "./queue";
export { plannedQueuesOf, type PlannedQueues } from "./queues";
export type { DemandedPodSet, Timing, Workload } from "./workload";
export { workloadsOf } from "./workloads";
