export { namespaceQuotasOf, type NamespaceQuotas } from "./quotas";
export type { QueueCeiling } from "./queue-ceilings";
export { plannedQueuesOf, type PlannedQueues, type QueueFlavor } from "./queues";
export type { DemandedPodSet, Timing, Workload } from "./workload";
export { workloadsOf } from "./workloads";
