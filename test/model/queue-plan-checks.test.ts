import { describe, expect, it } from "vitest";
import {
  checkQuotas,
  checkTenantQuotas,
  mostGpus,
  poolCapacity,
  type QueueDeclaration,
  QueueReclaimRule,
  type QuotaProblem,
  type TenantQuota,
} from "../../components/model";
import { pool } from "./queue-plan-pools";

const system = poolCapacity(pool({ name: "system", maxNodes: 2, gpusPerNode: 0 }), { cpu: "4", memory: "16Gi" });
const train = poolCapacity(pool({ name: "train", maxNodes: 2, gpusPerNode: 4 }), { cpu: "16", memory: "64Gi" });
const capacities = [system, train];

function sentence({ path, observed, allowed, remedy }: QuotaProblem): string {
  return `${path} is ${observed}; allowed: ${allowed}. ${remedy}`;
}

function problemsOf(queues: QueueDeclaration[], cohort: string | undefined = "all"): string[] {
  return checkQuotas({ capacities, queues, ...(cohort === undefined ? {} : { cohort }) }).map(sentence);
}

describe("quotas", () => {
  it("may divide a pool up to its ceiling", () => {
    expect(
      problemsOf([
        { name: "a", quotas: [{ pool: "train", gpus: 5, borrowingLimitGpus: 3, lendingLimitGpus: 5 }] },
        { name: "b", quotas: [{ pool: "train", gpus: 3, cpu: "0" }] },
        { name: "c" },
      ]),
    ).toEqual([]);
  });

  it.each<[string, QueueDeclaration[], string]>([
    [
      "add up to no more GPUs than the pool has at its ceiling",
      [
        { name: "research", quotas: [{ pool: "train", gpus: 8 }] },
        { name: "products", quotas: [{ pool: "train", gpus: 4 }] },
      ],
      "queues is 12 GPUs of pool train in all (research 8, products 4); allowed: at most 8, as pool train has at most 2 " +
        "nodes of 4. Lower the quotas of pool train, or raise its maxNodes.",
    ],
    [
      "add up to no more CPU than nodes leave",
      [
        { name: "a", quotas: [{ pool: "system", cpu: "6" }] },
        { name: "b", quotas: [{ pool: "system", cpu: "2500m" }] },
      ],
      "queues is 8500m CPU of pool system in all; allowed: at most 8, which its nodes leave to queues. Lower the quotas " +
        "of pool system, or raise its maxNodes.",
    ],
    [
      "add up to no more memory than nodes leave",
      [{ name: "a", quotas: [{ pool: "train", memory: "200Gi" }] }],
      "queues is 200Gi memory of pool train in all; allowed: at most 128Gi, which its nodes leave to queues. Lower the " +
        "quotas of pool train, or raise its maxNodes.",
    ],
    [
      "leave CPU to queues that have theirs in proportion to GPUs",
      [{ name: "a", quotas: [{ pool: "train", gpus: 4, cpu: "20" }] }, { name: "b" }],
      "queues is 36 CPU of pool train in all; allowed: at most 32, which its nodes leave to queues. Lower the quotas of " +
        "pool train, or raise its maxNodes.",
    ],
    [
      "are of pools that there are",
      [{ name: "a", quotas: [{ pool: "tarin", gpus: 1 }] }],
      'queues[0].quotas[0].pool is "tarin"; allowed: system, train. Name a pool that there is.',
    ],
    [
      "name a pool once",
      [{ name: "a", quotas: [{ pool: "train" }, { pool: "train" }] }],
      'queues[0].quotas[1].pool is "train" again; allowed: each pool once. Put its quotas together.',
    ],
    [
      "have GPUs of pools with GPUs only",
      [{ name: "a", quotas: [{ pool: "system", gpus: 1 }] }],
      "queues[0].quotas[0].gpus is 1; allowed: 0, as pool system has no GPUs. Name a pool with GPUs.",
    ],
    [
      "are whole GPUs",
      [{ name: "a", quotas: [{ pool: "train", gpus: 0.5 }] }],
      "queues[0].quotas[0].gpus is 0.5; allowed: a whole number from 0. Count whole GPUs.",
    ],
    [
      "are quantities",
      [{ name: "a", quotas: [{ pool: "train", memory: "-1Gi" }] }],
      'queues[0].quotas[0].memory is "-1Gi"; allowed: a Kubernetes quantity from 0. Write it like "32Gi".',
    ],
    [
      "lend no more than a queue has",
      [{ name: "a", quotas: [{ pool: "train", gpus: 2, lendingLimitGpus: 3 }] }],
      "queues[0].quotas[0].lendingLimitGpus is 3; allowed: at most 2, the queue's own GPUs of pool train. Lower it, or " +
        "leave it out to lend all.",
    ],
    [
      "borrow no more than the others lend",
      [
        { name: "a", quotas: [{ pool: "train", gpus: 2, borrowingLimitGpus: 5 }] },
        { name: "b", quotas: [{ pool: "train", gpus: 6, lendingLimitGpus: 4 }] },
      ],
      "queues[0].quotas[0].borrowingLimitGpus is 5; allowed: at most 4, which the other queues of cohort all lend of pool " +
        "train. Lower it, or leave it out to borrow whatever is idle.",
    ],
    [
      "have limits in a cohort only",
      [{ name: "a", cohort: "", quotas: [{ pool: "train", borrowingLimitGpus: 0 }] }],
      "queues[0].quotas[0].borrowingLimitGpus is 0; allowed: nothing outside a cohort. Name a cohort, or leave it out.",
    ],
    [
      "belong to queues with names of their own",
      [{ name: "a" }, { name: "a" }],
      'queues[1].name is "a"; allowed: a name of its own. Rename the queue.',
    ],
    [
      "have a weight that counts",
      [{ name: "a", fairShareWeight: 0 }],
      "queues[0].fairShareWeight is 0; allowed: a number above 0. Raise the weight.",
    ],
    [
      "are borrowed by preemption only where they are reclaimed",
      [{ name: "a", preemption: { reclaim: QueueReclaimRule.never, borrowByPreemption: true } }],
      "queues[0].preemption.borrowByPreemption is true, while reclaim is Never; allowed: true only where the queue " +
        "reclaims what it lent. Set reclaim to LowerPriority or Any.",
    ],
  ])("%s", (_title, queues, message) => {
    expect(problemsOf(queues)).toEqual([message]);
  });

  it("of GPUs alone are checked where nothing else is known of nodes", () => {
    const queues = [{ name: "a", quotas: [{ pool: "train", gpus: 8, cpu: "1000" }] }];
    expect(
      checkQuotas({ capacities: [poolCapacity(pool({ name: "train", maxNodes: 2, gpusPerNode: 4 }))], queues }),
    ).toEqual([]);
  });
});

describe("the most GPUs that a queue can have", () => {
  const [a, b, c]: [QueueDeclaration, QueueDeclaration, QueueDeclaration] = [
    { name: "a", quotas: [{ pool: "train", gpus: 2 }] },
    { name: "b", quotas: [{ pool: "train", gpus: 5, lendingLimitGpus: 3 }] },
    { name: "c", cohort: "", quotas: [{ pool: "train", gpus: 1 }] },
  ];
  const input = { capacities, queues: [a, b, c], cohort: "all" };

  it.each([
    ["its own and what others of the cohort lend", a, 5],
    ["bounded by what others have", b, 7],
    ["its own alone outside a cohort", c, 1],
  ])("is %s", (_title, queue, gpus) => {
    expect(mostGpus(queue, input)).toBe(gpus);
  });

  it("is bounded by the queue's own limit", () => {
    const bounded = { name: "d", quotas: [{ pool: "train", gpus: 0, borrowingLimitGpus: 1 }] };
    expect(mostGpus(bounded, { ...input, queues: [a, b, bounded] })).toBe(1);
  });
});

describe("tenants beside queues", () => {
  const queues = [
    { name: "research", quotas: [{ pool: "train", gpus: 6, lendingLimitGpus: 2 }] },
    { name: "products", quotas: [{ pool: "train", gpus: 2, borrowingLimitGpus: 1 }] },
  ];
  const problems = (tenant: TenantQuota) =>
    checkTenantQuotas([tenant], { capacities, queues, cohort: "all" }).map(sentence);

  it.each<[string, TenantQuota]>([
    ["as many GPUs as their queue can give", { namespace: "vision", gpus: 3, clusterQueues: ["products"] }],
    [
      "as many as their queues can give together",
      { namespace: "vision", gpus: 8, clusterQueues: ["research", "products"] },
    ],
    ["no GPUs and no queue", { namespace: "docs", clusterQueues: [] }],
  ])("may have %s", (_title, tenant) => {
    expect(problems(tenant)).toEqual([]);
  });

  it("may not have more GPUs than their queue can ever give", () => {
    expect(problems({ namespace: "vision", gpus: 4, clusterQueues: ["products"] })).toEqual([
      "tenants[0].gpus is 4 for tenant vision; allowed: at most 3, which its queues can give with all that they may borrow " +
        "(products 3). Lower the tenant's quota, or raise the quota of its queues.",
    ]);
  });

  it("may not have more GPUs than pools have, whatever their queues add up to", () => {
    expect(problems({ namespace: "vision", gpus: 9, clusterQueues: ["research", "products"] })).toEqual([
      "tenants[0].gpus is 9 for tenant vision; allowed: at most 8, which its queues can give with all that they may borrow " +
        "(research 8, products 3). Lower the tenant's quota, or raise the quota of its queues.",
    ]);
  });

  it("wait in queues that there are", () => {
    expect(problems({ namespace: "vision", clusterQueues: ["reserach"] })).toEqual([
      'tenants[0].clusterQueues[0] is "reserach", where tenant vision waits; allowed: research, products. Name a queue ' +
        "that there is.",
    ]);
  });

  it("have no GPUs outside queues", () => {
    expect(problems({ namespace: "vision", gpus: 1, clusterQueues: [] })).toEqual([
      "tenants[0].gpus is 1 for tenant vision, which waits in no queue; allowed: 0 without a queue. Give the tenant a " +
        "queue, so that its GPUs count against a quota.",
    ]);
  });
});
