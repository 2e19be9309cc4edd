import { isUnknown, nodeAt, stringAt, TENANT_LABEL, UNKNOWN, type Unknown } from "../../components/model";
import { type NamespaceQuotas, namespaceQuotasOf } from "../demand/quotas";
import { flavorsFor, type QueueFlavor } from "../demand/queue";
import { type PlannedQueues, plannedQueuesOf } from "../demand/queues";
import { machinesOf, type PlannedPool } from "../pools/planned-pool";
import { isObject, objectName, objectNamespace, type StackIndex } from "../pools/stack-index";
import { allowanceCost, countedResources, devicesOf, type ResourceAllowance } from "./allowance";
import { type Micros, sumOfAll } from "./money";
import type { PricedPool } from "./pool-costs";

/** The most that limits allow, and which these are. */
export interface LimitedCeiling {
  from: "queues" | "quota";
  micros: Micros | undefined;
}

/** What a stack says of its tenants beside their workloads. */
export interface TenantLimits {
  /** Tenants that have namespaces, in the order of these. */
  names: readonly string[];
  /**
   * The most that a tenant's limits allow it to cost: what its queues may have, their own and borrowed, or what the quotas of
   * its namespaces allow, whichever is less; undefined where nothing limits it.
   */
  ceilingOf: (tenant: string, pools: readonly PricedPool[]) => LimitedCeiling | undefined;
}

interface TenantGround {
  namespaces: string[];
  /** ClusterQueues in which its workloads may wait; one that is not known yet is a marker. */
  clusterQueues: (string | Unknown)[];
}

/** Collects the queues and quotas of a stack's tenants. */
export function tenantLimitsOf(stack: StackIndex): TenantLimits {
  const grounds = groundsOf(stack);
  const queues = plannedQueuesOf(stack);
  const quotas = namespaceQuotasOf(stack);
  return {
    names: [...grounds.keys()],
    ceilingOf: (tenant, pools) => {
      const { clusterQueues, namespaces } = grounds.get(tenant) ?? { clusterQueues: [], namespaces: [] };
      const isOfQuota = namespaces.some((namespace) => isLimited(namespace, quotas, pools));
      const ofQuota = isOfQuota ? sumOfAll(namespaces.map((each) => quotaCost(each, quotas, pools))) : undefined;
      if (clusterQueues.length === 0) return isOfQuota ? { from: "quota", micros: ofQuota } : undefined;
      const most = (resource: string) => quotaOfAll(namespaces, quotas, resource);
      const ofQueues = sumOfAll(
        clusterQueues.map((queue) => (isUnknown(queue) ? undefined : queueCost(queue, queues, pools, most))),
      );
      if (ofQuota !== undefined && ofQuota <= (ofQueues ?? Infinity)) return { from: "quota", micros: ofQuota };
      return { from: "queues", micros: ofQueues };
    },
  };
}

function groundsOf({ resources }: StackIndex): Map<string, TenantGround> {
  const grounds = new Map<string, TenantGround>();
  const ofNamespace = new Map<string, TenantGround>();
  for (const resource of resources) {
    if (!isObject(resource, "", "Namespace")) continue;
    const tenant = stringAt(nodeAt(resource.properties, "metadata.labels"), TENANT_LABEL);
    const namespace = objectName(resource);
    if (tenant === undefined || namespace === undefined) continue;
    const ground = grounds.get(tenant) ?? { namespaces: [], clusterQueues: [] };
    grounds.set(tenant, ground);
    ofNamespace.set(namespace, ground);
    ground.namespaces.push(namespace);
  }
  for (const resource of resources) {
    if (!isObject(resource, "kueue.x-k8s.io", "LocalQueue")) continue;
    const ground = ofNamespace.get(objectNamespace(resource) ?? "");
    const queue = nodeAt(resource.properties, "spec.clusterQueue");
    const named = typeof queue === "string" ? queue : UNKNOWN;
    if (ground !== undefined && !ground.clusterQueues.includes(named)) ground.clusterQueues.push(named);
  }
  return grounds;
}

/** What the quotas of some namespaces allow of a resource together; without end where one of them does not tell. */
function quotaOfAll(namespaces: readonly string[], quotas: NamespaceQuotas, resource: string): number {
  return namespaces
    .map((namespace) => quotas.ceilingOf(namespace, resource))
    .reduce<number>((sum, most) => sum + (typeof most === "number" ? Math.max(0, most) : Infinity), 0);
}

function queueCost(
  queue: string,
  queues: PlannedQueues,
  pools: readonly PricedPool[],
  mostOf: (resource: string) => number,
): Micros | undefined {
  const { devices, plain } = countedResources(pools);
  const covered = devices.filter((device) => flavorsFor(queues.queueOf(queue), device).length > 0);
  const isPlain = ({ pool }: PricedPool) => !devicesOf(pool).some((device) => covered.includes(device));
  return allowanceCost({
    devices: covered.map((resource) => queueAllowance(queue, resource, queues, pools, mostOf(resource))),
    plain: plain.map((resource) => queueAllowance(queue, resource, queues, pools.filter(isPlain), mostOf(resource))),
  });
}

function queueAllowance(
  queue: string,
  resource: string,
  queues: PlannedQueues,
  pools: readonly PricedPool[],
  most: number,
): ResourceAllowance {
  const flavors = flavorsFor(queues.queueOf(queue), resource);
  const ceiling = flavors.length > 0 ? queues.ceilingOf(queue, resource) : 0;
  return {
    resource,
    total: isUnknown(ceiling) ? ceiling : Math.min(ceiling ?? Infinity, most),
    parts: flavors.map((flavor) => ({
      pools: pools.filter((priced) => isOfFlavor(priced, flavor)),
      amount: flavor.quotaOf(resource).most,
    })),
  };
}

/** Nodes of a flavor carry all of its labels; a flavor that the stack does not declare may be of any node. */
function isOfFlavor({ pool }: PricedPool, { nodeLabels = {} }: QueueFlavor): boolean {
  const labels = LABELS.get(pool) ?? machinesOf(pool).map((each) => each.nodeAt(each.zones[0] ?? "", 0).labels);
  LABELS.set(pool, labels);
  return labels.some((each) => Object.entries(nodeLabels).every(([key, value]) => each[key] === value));
}

/** Labels of nodes, of each machine, that were asked for before: every queue asks for those of every pool. */
const LABELS = new WeakMap<PlannedPool, readonly Readonly<Record<string, string>>[]>();

function isLimited(namespace: string, quotas: NamespaceQuotas, pools: readonly PricedPool[]): boolean {
  const { devices, plain } = countedResources(pools);
  return [...devices, ...plain].some((resource) => quotas.ceilingOf(namespace, resource) !== undefined);
}

function quotaCost(namespace: string, quotas: NamespaceQuotas, pools: readonly PricedPool[]): Micros | undefined {
  const { devices, plain } = countedResources(pools);
  const allowance = (resource: string, of: readonly PricedPool[]): ResourceAllowance => {
    const amount = quotas.ceilingOf(namespace, resource);
    return { resource, total: amount, parts: [{ pools: of, amount }] };
  };
  const isPlain = ({ pool }: PricedPool) => devicesOf(pool).length === 0;
  return allowanceCost({
    devices: devices.map((device) => allowance(device, pools)),
    plain: plain.map((resource) => allowance(resource, pools.filter(isPlain))),
  });
}
