import {
  formatQuantity,
  nodeResources,
  parseQuantity,
  type PoolCapacity,
  poolCapacity,
  type PoolShape,
} from "../../model";
import type { QueuesArgs } from "./queues-args";

/** Part of the system pool that is for queues where nothing else is asked for: the rest is for controllers. */
const SYSTEM_POOL_PERCENT = 50;

/** What each pool has for queues. */
export function poolCapacities(args: QueuesArgs): PoolCapacity[] {
  return args.pools.map((pool) => poolCapacity(pool, queueResources(pool, args), queuePercent(pool, args)));
}

/** What pods of queues can have of a node: what the kubelet leaves, without what runs on every node. */
function queueResources(pool: PoolShape, args: QueuesArgs): Record<string, string> {
  const { allocatable } = nodeResources(pool);
  // How many pods a node runs is no resource that pods ask for.
  const asked = Object.entries(allocatable).filter(([resource]) => resource !== "pods");
  const { cpu = "500m", memory = "1Gi" } = args.nodeOverhead ?? {};
  const offered = (args.poolResources ?? []).filter((each) => each.pool === pool.name);
  return {
    ...Object.fromEntries(asked),
    cpu: difference(allocatable.cpu, cpu),
    memory: difference(allocatable.memory, memory),
    ...Object.fromEntries(offered.map(({ resource, perNode }) => [resource, String(perNode)])),
  };
}

function difference(whole: string, part: string): string {
  const rest = parseQuantity(whole) - parseQuantity(part);
  return formatQuantity(rest > 0n ? rest : 0n);
}

function queuePercent({ name, gpusPerNode }: PoolShape, { platform = {}, systemPoolPercent }: QueuesArgs): number {
  const { systemPool } = platform;
  const isSystem = systemPool === undefined ? gpusPerNode === 0 : name === systemPool;
  return isSystem ? (systemPoolPercent ?? SYSTEM_POOL_PERCENT) : 100;
}
