import { formatQuantity, parseQuantity, type Quantity, tryParseQuantity } from "./quantity";
import { cohortOf, type QueueDeclaration, type QueuePlanInput, type QueueQuota, QueueReclaimRule } from "./queue-plan";
import { gpuCeiling, type PoolCapacity } from "./queue-plan-capacity";
import { dividedQuotas, gpuShare, quotasOf } from "./queue-plan-division";

/** One thing that does not agree in quotas, with both of its ends. */
export interface QuotaProblem {
  /** Path of what is to be changed, for example `queues[0].quotas[1].gpus`. */
  path: string;
  /** What was found there. */
  observed: string;
  /** What would have been accepted, and where that comes from. */
  allowed: string;
  /** What the author should do, as an imperative sentence. */
  remedy: string;
}

/** What a tenant is to have, for a comparison with the queues that it waits in. */
export interface TenantQuota {
  /** Namespace of the tenant. */
  namespace: string;
  /** GPUs that its ResourceQuota allows at the same time; 0 where it has none, by default. */
  gpus?: number;
  /** Names of the ClusterQueues that its LocalQueues lead to. */
  clusterQueues: string[];
}

/**
 * Checks that quotas can be had: that they are of pools there are, that they add up to no more than pools have at their
 * ceilings, and that what is lent and borrowed is there.
 */
export function checkQuotas(input: QueuePlanInput): QuotaProblem[] {
  const { queues, capacities } = input;
  const each = queues.flatMap((queue, index) => checkQueue(queue, `queues[${index}]`, input));
  if (each.length > 0) return each;
  const sums = capacities.flatMap((capacity) => {
    const ofGpus = checkGpuSum(capacity, input);
    // CPU and memory follow GPUs where nothing is said of them.
    return ofGpus.length > 0 ? ofGpus : checkSums(capacity, input);
  });
  return [...sums, ...queues.flatMap((queue, index) => checkLimits(queue, `queues[${index}]`, input))];
}

function checkQueue(queue: QueueDeclaration, path: string, input: QueuePlanInput): QuotaProblem[] {
  const { quotas = [], fairShareWeight, preemption = {} } = queue;
  const same = input.queues.find(({ name }) => name === queue.name);
  return [
    ...(same === queue ? [] : [problem(`${path}.name`, quoted(queue.name), "a name of its own", "Rename the queue.")]),
    ...quotas.flatMap((quota, index) => checkQuota(quota, `${path}.quotas[${index}]`, quotas, queue, input)),
    ...(fairShareWeight === undefined || fairShareWeight > 0
      ? []
      : [problem(`${path}.fairShareWeight`, String(fairShareWeight), "a number above 0", "Raise the weight.")]),
    ...(preemption.borrowByPreemption === true && preemption.reclaim === QueueReclaimRule.never
      ? [
          problem(
            `${path}.preemption.borrowByPreemption`,
            "true, while reclaim is Never",
            "true only where the queue reclaims what it lent",
            "Set reclaim to LowerPriority or Any.",
          ),
        ]
      : []),
  ];
}

function checkQuota(
  quota: QueueQuota,
  path: string,
  siblings: QueueQuota[],
  queue: QueueDeclaration,
  { capacities, cohort }: QueuePlanInput,
): QuotaProblem[] {
  const capacity = capacities.find(({ pool }) => pool === quota.pool);
  if (capacity === undefined) {
    const pools = capacities.map(({ pool }) => pool).join(", ") || "none, as there are no pools";
    return [problem(`${path}.pool`, quoted(quota.pool), pools, "Name a pool that there is.")];
  }
  const first = siblings.find(({ pool }) => pool === quota.pool);
  const repeated = problem(`${path}.pool`, `${quoted(quota.pool)} again`, "each pool once", "Put its quotas together.");
  return [
    ...(first === quota ? [] : [repeated]),
    ...gpuFields.flatMap((field) => checkGpus(quota[field], `${path}.${field}`, capacity)),
    ...limitFields.flatMap((field) =>
      quota[field] === undefined || cohortOf(queue, cohort) !== undefined
        ? []
        : [
            problem(
              `${path}.${field}`,
              String(quota[field]),
              "nothing outside a cohort",
              "Name a cohort, or leave it out.",
            ),
          ],
    ),
    ...checkAmount(quota.cpu, `${path}.cpu`, "8"),
    ...checkAmount(quota.memory, `${path}.memory`, "32Gi"),
  ];
}

const limitFields = ["borrowingLimitGpus", "lendingLimitGpus"] as const;
const gpuFields = ["gpus", ...limitFields] as const;

function checkGpus(gpus: number | undefined, path: string, { pool, gpusPerNode }: PoolCapacity): QuotaProblem[] {
  if (gpus === undefined) return [];
  if (!Number.isInteger(gpus) || gpus < 0) {
    return [problem(path, String(gpus), "a whole number from 0", "Count whole GPUs.")];
  }
  if (gpusPerNode > 0 || gpus === 0) return [];
  return [problem(path, String(gpus), `0, as pool ${pool} has no GPUs`, "Name a pool with GPUs.")];
}

function checkAmount(amount: string | undefined, path: string, example: string): QuotaProblem[] {
  if (amount === undefined || (tryParseQuantity(amount) ?? -1n) >= 0n) return [];
  return [problem(path, quoted(amount), "a Kubernetes quantity from 0", `Write it like "${example}".`)];
}

/** GPUs are checked by nodes, as whoever reads the message knows the pool by them. */
function checkGpuSum(capacity: PoolCapacity, input: QueuePlanInput): QuotaProblem[] {
  const shares = gpuShares(capacity, input);
  const sum = shares.reduce((total, { gpus }) => total + gpus, 0);
  if (sum <= gpuCeiling(capacity)) return [];
  const { pool, nodes, gpusPerNode } = capacity;
  const parts = shares.filter(({ gpus }) => gpus > 0).map(({ queue, gpus }) => `${queue.name} ${gpus}`);
  return [
    problem(
      "queues",
      `${sum} GPUs of pool ${pool} in all (${parts.join(", ")})`,
      `at most ${gpuCeiling(capacity)}, as pool ${pool} has at most ${nodes} nodes of ${gpusPerNode}`,
      `Lower the quotas of pool ${pool}, or raise its maxNodes.`,
    ),
  ];
}

function checkSums(capacity: PoolCapacity, input: QueuePlanInput): QuotaProblem[] {
  const { pool, total } = capacity;
  return (["cpu", "memory"] as const).flatMap((resource) => {
    const ceiling = total[resource];
    const shares = dividedQuotas(input.capacities, input.queues).flat();
    const own = shares.filter((share) => share.pool === pool);
    const sum = own.reduce<Quantity>((all, { amounts }) => all + parseQuantity(amounts[resource] ?? "0"), 0n);
    if (ceiling === undefined || sum <= ceiling) return [];
    const format = resource === "memory" ? "BinarySI" : "DecimalSI";
    const words = resource === "cpu" ? "CPU" : "memory";
    return [
      problem(
        "queues",
        `${formatQuantity(sum, format)} ${words} of pool ${pool} in all`,
        `at most ${formatQuantity(ceiling, format)}, which its nodes leave to queues`,
        `Lower the quotas of pool ${pool}, or raise its maxNodes.`,
      ),
    ];
  });
}

function checkLimits(queue: QueueDeclaration, path: string, input: QueuePlanInput): QuotaProblem[] {
  return (queue.quotas ?? []).flatMap((quota, index) => {
    const capacity = input.capacities.find(({ pool }) => pool === quota.pool)!;
    const own = gpuShares(capacity, input).find((share) => share.queue === queue)?.gpus ?? 0;
    const { borrowingLimitGpus: borrowed, lendingLimitGpus: lent } = quota;
    const lendable = lendableGpus(queue, capacity, input);
    const at = `${path}.quotas[${index}]`;
    return [
      ...(lent === undefined || lent <= own
        ? []
        : [
            problem(
              `${at}.lendingLimitGpus`,
              String(lent),
              `at most ${own}, the queue's own GPUs of pool ${quota.pool}`,
              "Lower it, or leave it out to lend all.",
            ),
          ]),
      ...(borrowed === undefined || borrowed <= lendable
        ? []
        : [
            problem(
              `${at}.borrowingLimitGpus`,
              String(borrowed),
              `at most ${lendable}, which the other queues of cohort ${cohortOf(queue, input.cohort)} lend of pool ${quota.pool}`,
              "Lower it, or leave it out to borrow whatever is idle.",
            ),
          ]),
    ];
  });
}

/**
 * GPUs that a queue can have at most: its own, and what it may borrow when every other queue of its cohort is idle. Of
 * pools that it does not name it has none.
 */
export function mostGpus(queue: QueueDeclaration, input: QueuePlanInput): number {
  return input.capacities.reduce((sum, capacity) => {
    const quota = quotaOf(queue, capacity.pool, input);
    if (quota === undefined) return sum;
    const own = gpuShares(capacity, input).find((share) => share.queue === queue)?.gpus ?? 0;
    return sum + own + Math.min(quota.borrowingLimitGpus ?? Infinity, lendableGpus(queue, capacity, input));
  }, 0);
}

/** GPUs of a pool that the other queues of a queue's cohort lend. */
function lendableGpus(queue: QueueDeclaration, capacity: PoolCapacity, input: QueuePlanInput): number {
  const cohort = cohortOf(queue, input.cohort);
  if (cohort === undefined) return 0;
  const others = gpuShares(capacity, input).filter(
    (share) => share.queue !== queue && cohortOf(share.queue, input.cohort) === cohort,
  );
  return others.reduce((sum, { gpus, quota }) => sum + Math.min(gpus, quota?.lendingLimitGpus ?? gpus), 0);
}

function gpuShares(capacity: PoolCapacity, input: QueuePlanInput) {
  const quotas = input.queues.map((queue) => quotaOf(queue, capacity.pool, input));
  return input.queues.map((queue, index) => ({ queue, quota: quotas[index], gpus: gpuShare(quotas, index, capacity) }));
}

function quotaOf(queue: QueueDeclaration, pool: string, { capacities }: QueuePlanInput): QueueQuota | undefined {
  return quotasOf(queue, capacities).find((quota) => quota.pool === pool);
}

function problem(path: string, observed: string, allowed: string, remedy: string): QuotaProblem {
  return { path, observed, allowed, remedy };
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
