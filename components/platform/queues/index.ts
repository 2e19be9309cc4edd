export {
  type QueueDeclaration,
  type QueuePreemption,
  QueuePreemptionRule,
  type QueueQuota,
  QueueReclaimRule,
  QueueStop,
  type TenantQuota,
} from "../../model";
export * from "./job-set-controller";
export * from "./kueue";
export {
  JobFramework,
  type KueueArgs,
  ManagedNamespaces,
  type ResourceTransformation,
  TransformationStrategy,
} from "./kueue-args";
export * from "./leader-worker-set-controller";
export * from "./queues";
export { type NodeOverhead, type PoolResource, type QueuesArgs, type QueueSettings } from "./queues-args";
