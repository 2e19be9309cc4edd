import type { QueuePlanInput } from "./queue-plan";
import { mostGpus, type QuotaProblem, type TenantQuota } from "./queue-plan-checks";

/**
 * Checks tenants against queues: that the queues they wait in are there, and that their ResourceQuota allows no more GPUs
 * than these queues can ever give. What a tenant may have beyond that would wait for ever.
 */
export function checkTenantQuotas(tenants: TenantQuota[], input: QueuePlanInput): QuotaProblem[] {
  return tenants.flatMap((tenant, index) => checkTenant(tenant, `tenants[${index}]`, input));
}

function checkTenant(tenant: TenantQuota, path: string, input: QueuePlanInput): QuotaProblem[] {
  const { namespace, clusterQueues, gpus = 0 } = tenant;
  const names = input.queues.map(({ name }) => name);
  const unknown = clusterQueues.flatMap((name, index) =>
    names.includes(name)
      ? []
      : [
          {
            path: `${path}.clusterQueues[${index}]`,
            observed: `${JSON.stringify(name)}, where tenant ${namespace} waits`,
            allowed: names.join(", ") || "none, as there are no queues",
            remedy: "Name a queue that there is.",
          },
        ],
  );
  if (unknown.length > 0 || gpus === 0) return unknown;
  if (clusterQueues.length === 0) {
    return [
      {
        path: `${path}.gpus`,
        observed: `${gpus} for tenant ${namespace}, which waits in no queue`,
        allowed: "0 without a queue",
        remedy: "Give the tenant a queue, so that its GPUs count against a quota.",
      },
    ];
  }
  const own = input.queues.filter(({ name }) => clusterQueues.includes(name));
  const most = own.map((queue) => ({ name: queue.name, gpus: mostGpus(queue, input) }));
  // Queues of one cohort borrow the same GPUs, so together they never have more than all pools.
  const ceiling = Math.min(
    most.reduce((sum, each) => sum + each.gpus, 0),
    input.capacities.reduce((sum, { nodes, gpusPerNode }) => sum + nodes * gpusPerNode, 0),
  );
  if (gpus <= ceiling) return [];
  const parts = most.map(({ name, gpus: each }) => `${name} ${each}`).join(", ");
  return [
    {
      path: `${path}.gpus`,
      observed: `${gpus} for tenant ${namespace}`,
      allowed: `at most ${ceiling}, which its queues can give with all that they may borrow (${parts})`,
      remedy: "Lower the tenant's quota, or raise the quota of its queues.",
    },
  ];
}
