import { formatQuantity, parseQuantity, type Quantity } from "./quantity";
import type { QueueDeclaration, QueueQuota } from "./queue-plan";
import { gpuCeiling, type PoolCapacity } from "./queue-plan-capacity";

/** What a queue has of one pool, by resource, in canonical Kubernetes spelling. */
export interface QueueShare {
  pool: string;
  /** GPUs of its own. */
  gpus: number;
  /** What is its own. */
  amounts: Record<string, string>;
  /** The part of it that others may have; resources that are not bounded are left out. */
  lent: Record<string, string>;
  /** What it may have beyond its own; resources that are not bounded are left out. */
  borrowed: Record<string, string>;
}

const NANO = 10n ** 9n;

/** Steps that shares are rounded down to, so that they read well; devices are whole. */
const steps: Record<string, Quantity> = {
  cpu: NANO / 1000n,
  memory: NANO * 1024n ** 2n,
  "ephemeral-storage": NANO * 1024n ** 2n,
};

/** The quotas of a queue in the order in which its pools are tried: pools without GPUs first, named or not. */
export function quotasOf({ quotas }: QueueDeclaration, capacities: PoolCapacity[]): QueueQuota[] {
  const all = capacities.map(({ pool }): QueueQuota => ({ pool }));
  const given = quotas ?? all;
  const hasGpus = ({ pool }: QueueQuota) => capacities.some((each) => each.pool === pool && each.gpusPerNode > 0);
  const unnamed = all.filter((each) => !hasGpus(each) && !given.some(({ pool }) => pool === each.pool));
  return [...given.filter((each) => !hasGpus(each)), ...unnamed, ...given.filter(hasGpus)];
}

/** What each queue has of each of its pools, queues in the given order. */
export function dividedQuotas(capacities: PoolCapacity[], queues: QueueDeclaration[]): QueueShare[][] {
  const quotas = queues.map((queue) => quotasOf(queue, capacities));
  return quotas.map((own, index) =>
    own.flatMap((quota) => {
      const capacity = capacities.find(({ pool }) => pool === quota.pool);
      if (capacity === undefined) return [];
      const others = quotas.map((each) => each.find(({ pool }) => pool === quota.pool));
      return [shareOf(quota, index, others, capacity)];
    }),
  );
}

/** Shares GPUs out one by one: where they do not divide evenly, earlier queues have one more. */
export function gpuShare(quotas: (QueueQuota | undefined)[], index: number, capacity: PoolCapacity): number {
  const own = quotas[index];
  if (own === undefined || capacity.gpusPerNode === 0) return 0;
  if (own.gpus !== undefined) return own.gpus;
  const open = quotas.flatMap((quota, at) => (quota !== undefined && quota.gpus === undefined ? [at] : []));
  const taken = quotas.reduce((sum, quota) => sum + (quota?.gpus ?? 0), 0);
  const rest = Math.max(0, gpuCeiling(capacity) - taken);
  return Math.floor(rest / open.length) + (open.indexOf(index) < rest % open.length ? 1 : 0);
}

function shareOf(
  quota: QueueQuota,
  index: number,
  all: (QueueQuota | undefined)[],
  capacity: PoolCapacity,
): QueueShare {
  const { pool, gpuResource, total } = capacity;
  const gpus = gpuShare(all, index, capacity);
  const amounts: Record<string, Quantity> = {};
  for (const resource of Object.keys(total)) {
    amounts[resource] = resource === gpuResource ? units(gpus) : amountOf(resource, quota, gpus, all, capacity);
  }
  const { borrowingLimitGpus, lendingLimitGpus } = quota;
  // Whoever borrows GPUs needs CPU and memory beside them, so what is kept of one is kept of the others.
  const lent = lendingLimitGpus === undefined || gpus === 0 ? {} : partOf(amounts, lendingLimitGpus, gpus);
  const borrowed =
    borrowingLimitGpus === undefined || gpuResource === undefined ? {} : { [gpuResource]: String(borrowingLimitGpus) };
  return { pool, gpus, amounts: spelled(amounts), lent: spelled(lent), borrowed };
}

function amountOf(
  resource: string,
  quota: QueueQuota,
  gpus: number,
  all: (QueueQuota | undefined)[],
  capacity: PoolCapacity,
): Quantity {
  const stated = statedAmount(resource, quota);
  if (stated !== undefined) return stated;
  const total = capacity.total[resource]!;
  if (capacity.gpusPerNode > 0) {
    const ceiling = gpuCeiling(capacity);
    return ceiling === 0 ? 0n : rounded(resource, (total * BigInt(Math.min(gpus, ceiling))) / BigInt(ceiling));
  }
  const stateds = all.map((each) => each && statedAmount(resource, each));
  const open = all.filter((each, at) => each !== undefined && stateds[at] === undefined).length;
  const rest = stateds.reduce<Quantity>((left, amount) => left - (amount ?? 0n), total);
  return rest <= 0n ? 0n : rounded(resource, rest / BigInt(open));
}

/** What a quota says of a resource itself; only CPU and memory can be said. */
function statedAmount(resource: string, { cpu, memory }: QueueQuota): Quantity | undefined {
  const stated = { cpu, memory }[resource];
  return stated === undefined ? undefined : parseQuantity(stated);
}

function partOf(amounts: Record<string, Quantity>, part: number, whole: number): Record<string, Quantity> {
  const scaled = Object.entries(amounts).map(([resource, amount]): [string, Quantity] => [
    resource,
    rounded(resource, (amount * BigInt(Math.min(part, whole))) / BigInt(whole)),
  ]);
  return Object.fromEntries(scaled);
}

function units(count: number): Quantity {
  return BigInt(count) * NANO;
}

function rounded(resource: string, amount: Quantity): Quantity {
  return amount - (amount % (steps[resource] ?? NANO));
}

function spelled(amounts: Record<string, Quantity>): Record<string, string> {
  const texts = Object.entries(amounts).map(([resource, amount]) => [
    resource,
    formatQuantity(amount, resource === "cpu" || resource.includes("/") ? "DecimalSI" : "BinarySI"),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}
