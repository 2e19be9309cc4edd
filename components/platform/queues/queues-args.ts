import {
  checkDnsLabel,
  checkLabelKey,
  checkQuantity,
  checkWholeNumber,
  type InputProblem,
  problemAt,
} from "../../internal";
import {
  checkQuotas,
  checkTenantQuotas,
  type PoolShape,
  type QueueDeclaration,
  type QueuePlanInput,
  type TenantQuota,
} from "../../model";
import type { PlatformFacts } from "../../rendering";
import { poolCapacities } from "./queue-capacities";

/** A resource that nodes of a pool offer instead of or beside whole GPUs: shared ones, or slices of one. */
export interface PoolResource {
  /** Name of the pool. */
  pool: string;
  /** Name of the resource, for example `nvidia.com/gpu.shared` or `nvidia.com/mig-1g.10gb`. */
  resource: string;
  /** How many of it a node has, from 1. */
  perNode: number;
}

/** What is kept of each node for what runs on all of them. */
export interface NodeOverhead {
  /** CPU, a Kubernetes quantity; `500m` by default. */
  cpu?: string;
  /** Memory, a Kubernetes quantity; `1Gi` by default. */
  memory?: string;
}

/** How the pools of a platform are shared out. */
export interface QueueSettings {
  /** Queues, by default one named `default` with all of every pool. */
  queues?: QueueDeclaration[];
  /** Cohort within which queues lend and borrow; the name of the component by default. An empty text keeps them apart. */
  cohort?: string;
  /** Resources beside CPU, memory, disk, GPUs and EFA that pools offer; none by default. */
  poolResources?: PoolResource[];
  /** What is kept of each node for DaemonSets, beside what the kubelet keeps. */
  nodeOverhead?: NodeOverhead;
  /**
   * Part of the pool that controllers run on, `platform.systemPool`, that jobs may have, from 0 to 100; 50 by default. Without
   * a system pool, it is that of every pool without GPUs.
   */
  systemPoolPercent?: number;
  /**
   * Whether Kueue keeps pods off GPU pools that do not tolerate the taints themselves; false by default: it then adds the
   * tolerations to whatever it admits there. With true, jobs without GPUs never spill over onto GPU nodes, and every GPU job
   * has to state its tolerations, as those of this package do.
   */
  requireTolerations?: boolean;
  /**
   * Labels of nodes from the widest part of the network to the narrowest, for jobs that ask to be placed close together; none
   * by default. Flavors cannot be changed once they have them. For example `topology.kubernetes.io/zone` and
   * `kubernetes.io/hostname`.
   */
  topologyLevels?: string[];
  /**
   * Priorities that jobs can name by the label `kueue.x-k8s.io/priority-class`, of which the higher goes first; `low` -1000,
   * `normal` 0 and `high` 1000 by default. A job that names none has 0.
   */
  priorities?: Record<string, number>;
}

/** What {@link Queues} are made from. */
export interface QueuesArgs extends QueueSettings {
  /** What is known of the platform around the queues; a real cluster by default. */
  platform?: PlatformFacts;
  /** Pools that jobs run on, that of the system among them: `shape` of each GpuNodePool and SystemNodePool. */
  pools: PoolShape[];
  /**
   * What tenants are to have, to be compared with the queues; none by default. Creates nothing: `Tenant` makes the tenants.
   */
  tenants?: TenantQuota[];
}

/** Queue that is made where none is declared. */
const wholePlatform: QueueDeclaration = { name: "default" };

/** What queues are planned from. */
export function queuePlanInput(name: string, args: QueuesArgs): QueuePlanInput {
  return { capacities: poolCapacities(args), queues: args.queues ?? [wholePlatform], cohort: args.cohort ?? name };
}

/** Checks queues, and tenants against them. */
export function validateQueues(name: string, args: QueuesArgs): InputProblem[] {
  const spelling = checkSpelling(name, args);
  if (spelling.length > 0) return spelling;
  const input = queuePlanInput(name, args);
  const quotas = checkQuotas(input);
  const problems = quotas.length > 0 ? quotas : checkTenantQuotas(args.tenants ?? [], input);
  return problems.map(({ path, observed, allowed, remedy }) => problemAt(path, observed, allowed, remedy));
}

function checkSpelling(name: string, args: QueuesArgs): InputProblem[] {
  const { queues = [wholePlatform], cohort = name, poolResources = [], topologyLevels = [], priorities = {} } = args;
  return [
    ...checkPools(args),
    ...(cohort === "" ? [] : checkDnsLabel("cohort", cohort)),
    ...queues.flatMap((queue, index) => [
      ...checkDnsLabel(`queues[${index}].name`, queue.name),
      ...(queue.cohort === undefined || queue.cohort === ""
        ? []
        : checkDnsLabel(`queues[${index}].cohort`, queue.cohort)),
    ]),
    ...poolResources.flatMap(({ resource, pool, perNode }, index) => [
      ...checkLabelKey(`poolResources[${index}].resource`, resource),
      ...checkWholeNumber(`poolResources[${index}].perNode`, perNode, { min: 1 }),
      ...checkPoolName(`poolResources[${index}].pool`, pool, args.pools),
    ]),
    ...checkQuantity("nodeOverhead.cpu", args.nodeOverhead?.cpu, "500m"),
    ...checkQuantity("nodeOverhead.memory", args.nodeOverhead?.memory, "1Gi"),
    ...checkWholeNumber("systemPoolPercent", args.systemPoolPercent, { min: 0, max: 100 }),
    ...topologyLevels.flatMap((level, index) => checkLabelKey(`topologyLevels[${index}]`, level)),
    ...Object.entries(priorities).flatMap(([key, value]) => [
      ...checkDnsLabel(`priorities["${key}"]`, key),
      ...checkWholeNumber(`priorities["${key}"]`, value, { min: -(2 ** 31), max: 2 ** 31 - 1 }),
    ]),
  ];
}

/** Most taints of a pool: Kueue takes no more of them in a flavor. */
const MAX_TAINTS = 8;
/** Most flavors of a group of resources. */
const MAX_POOLS = 64;

function checkPools({ pools }: QueuesArgs): InputProblem[] {
  const names = pools.map(({ name }) => name);
  const repeated = names.filter((each, index) => names.indexOf(each) !== index);
  const remedy = "Give each pool a name of its own.";
  const tainted = pools.filter(({ taints }) => taints.length > MAX_TAINTS);
  return [
    ...(pools.length >= 1 && pools.length <= MAX_POOLS
      ? []
      : [problemAt("pools", `${pools.length} pools`, `1 to ${MAX_POOLS} pools`, "Give the pools that jobs run on.")]),
    ...[...new Set(repeated)].map((each) => problemAt("pools", `more than one pool ${each}`, "each name once", remedy)),
    ...tainted.map(({ name, taints }) =>
      problemAt("pools", `${name} with ${taints.length} taints`, `at most ${MAX_TAINTS} taints`, "Merge taints."),
    ),
  ];
}

function checkPoolName(path: string, name: string, pools: PoolShape[]): InputProblem[] {
  const names = pools.map((pool) => pool.name);
  if (names.includes(name)) return [];
  return [problemAt(path, JSON.stringify(name), names.join(", "), "Name a pool of pools.")];
}
