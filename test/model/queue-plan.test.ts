import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkQuotas,
  mostGpus,
  parseQuantity,
  type PlannedQueue,
  planQueues,
  poolCapacity,
  type QueueDeclaration,
  type QueuePlanInput,
} from "../../components/model";
import { pool } from "./queue-plan-pools";

const plainNode = { cpu: "7500m", memory: "30Gi", "ephemeral-storage": "90Gi" };
const node = { ...plainNode, "vpc.amazonaws.com/efa": "4" };
const system = poolCapacity(pool({ name: "system", maxNodes: 2, gpusPerNode: 0 }), plainNode);
const train = poolCapacity(pool({ name: "train", maxNodes: 4, gpusPerNode: 8 }), node);
const capacities = [train, system];

function quotasOf(queues: QueueDeclaration[], queue: number, poolName: string, cohort?: string): object {
  const plan = planQueues({ capacities, queues, ...(cohort === undefined ? {} : { cohort }) });
  const flavor = plan.queues[queue]!.flavors.find((each) => each.pool === poolName)!;
  return Object.fromEntries(flavor.resources.map(({ name, ...amounts }) => [name, amounts]));
}

describe("a plan of queues", () => {
  it("gives a single queue all of every pool, and covers what any pool offers", () => {
    const plan = planQueues({ capacities, queues: [{ name: "all" }] });
    expect(plan.resources).toEqual(["cpu", "memory", "ephemeral-storage", "vpc.amazonaws.com/efa", "nvidia.com/gpu"]);
    expect(plan.queues).toEqual([
      {
        declaration: { name: "all" },
        flavors: [
          {
            pool: "system",
            resources: [
              { name: "cpu", nominalQuota: "15" },
              { name: "memory", nominalQuota: "60Gi" },
              { name: "ephemeral-storage", nominalQuota: "180Gi" },
              { name: "vpc.amazonaws.com/efa", nominalQuota: "0" },
              { name: "nvidia.com/gpu", nominalQuota: "0" },
            ],
          },
          {
            pool: "train",
            resources: [
              { name: "cpu", nominalQuota: "30" },
              { name: "memory", nominalQuota: "120Gi" },
              { name: "ephemeral-storage", nominalQuota: "360Gi" },
              { name: "vpc.amazonaws.com/efa", nominalQuota: "16" },
              { name: "nvidia.com/gpu", nominalQuota: "32" },
            ],
          },
        ],
      },
    ]);
  });

  it("divides GPUs that no queue names evenly, one more to the first, and the rest of a node in proportion", () => {
    const queues = [{ name: "a" }, { name: "b", quotas: [{ pool: "train", gpus: 11 }] }, { name: "c" }];
    expect(quotasOf(queues, 0, "train")).toMatchObject({
      "nvidia.com/gpu": { nominalQuota: "11" },
      cpu: { nominalQuota: "10312m" },
      memory: { nominalQuota: "42240Mi" },
      "vpc.amazonaws.com/efa": { nominalQuota: "5" },
    });
    expect(quotasOf(queues, 2, "train")).toMatchObject({
      "nvidia.com/gpu": { nominalQuota: "10" },
      cpu: { nominalQuota: "9375m" },
    });
  });

  it("divides pools without GPUs evenly, and tries them first even where a queue does not name them", () => {
    const queues = [
      { name: "a", quotas: [{ pool: "train" }] },
      { name: "b" },
      { name: "c", quotas: [{ pool: "system", cpu: "3" }] },
    ];
    const plan = planQueues({ capacities, queues });
    expect(plan.queues.map(({ flavors }) => flavors.map((flavor) => flavor.pool))).toEqual([
      ["system", "train"],
      ["system", "train"],
      ["system"],
    ]);
    expect(quotasOf(queues, 0, "system")).toMatchObject({
      cpu: { nominalQuota: "6" },
      memory: { nominalQuota: "20Gi" },
    });
    expect(quotasOf(queues, 2, "system")).toMatchObject({
      cpu: { nominalQuota: "3" },
      memory: { nominalQuota: "20Gi" },
    });
  });

  it("keeps CPU and memory beside the GPUs that a queue does not lend", () => {
    const queues = [
      { name: "a", quotas: [{ pool: "train", gpus: 16, lendingLimitGpus: 4, borrowingLimitGpus: 8 }] },
      { name: "b" },
    ];
    expect(quotasOf(queues, 0, "train", "all")).toMatchObject({
      "nvidia.com/gpu": { nominalQuota: "16", lendingLimit: "4", borrowingLimit: "8" },
      cpu: { nominalQuota: "15", lendingLimit: "3750m" },
      memory: { nominalQuota: "60Gi", lendingLimit: "15Gi" },
    });
  });

  it("has cohorts as asked for, and none where the name is empty", () => {
    const plan = planQueues({
      capacities,
      cohort: "all",
      queues: [{ name: "a" }, { name: "b", cohort: "own" }, { name: "c", cohort: "" }],
    });
    expect(plan.queues.map(({ cohort }) => cohort)).toEqual(["all", "own", undefined]);
  });
});

const pools = fc
  .array(fc.record({ maxNodes: fc.integer({ min: 0, max: 6 }), gpusPerNode: fc.constantFrom(0, 1, 4, 8) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((shapes) => shapes.map((shape, index) => poolCapacity(pool({ name: `pool-${index}`, ...shape }), node)));

function quota(name: string) {
  const count = fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined });
  const fields = {
    gpus: count,
    cpu: fc.constantFrom(undefined, "2", "500m"),
    borrowingLimitGpus: count,
    lendingLimitGpus: count,
  };
  return fc.record(fields).map((given) => {
    const stated = Object.entries(given).filter(([, value]) => value !== undefined);
    return { pool: name, ...(Object.fromEntries(stated) as Partial<typeof given>) } as NonNullable<
      QueueDeclaration["quotas"]
    >[number];
  });
}

const inputs: fc.Arbitrary<QueuePlanInput> = pools.chain((all) => {
  const quotas = fc.tuple(...all.map(({ pool: name }) => fc.option(quota(name), { nil: undefined, freq: 2 })));
  const queue = quotas.map((given) => given.flatMap((each) => each ?? []));
  return fc.array(fc.option(queue, { nil: undefined }), { minLength: 1, maxLength: 4 }).map((queues) => ({
    capacities: all,
    cohort: "all",
    queues: queues.map((given, index) => ({
      name: `queue-${index}`,
      ...(given === undefined ? {} : { quotas: given }),
    })),
  }));
});

function amount(queue: PlannedQueue, poolName: string, resource: string): bigint {
  const flavor = queue.flavors.find((each) => each.pool === poolName);
  return parseQuantity(flavor?.resources.find(({ name }) => name === resource)?.nominalQuota ?? "0");
}

describe("a plan that passes the checks", () => {
  it("never adds up to more than a pool has at its ceiling", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        fc.pre(checkQuotas(input).length === 0);
        const { queues, resources } = planQueues(input);
        for (const { pool: name, total } of input.capacities) {
          for (const resource of Object.keys(total)) {
            const sum = queues.reduce((all, queue) => all + amount(queue, name, resource), 0n);
            expect(sum <= total[resource]!).toBe(true);
          }
        }
        const lists = queues.flatMap(({ flavors }) =>
          flavors.map((flavor) => flavor.resources.map(({ name }) => name)),
        );
        for (const list of lists) expect(list).toEqual(resources);
      }),
    );
  });

  it("lends no more than it has, and promises no queue more GPUs than there are", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        fc.pre(checkQuotas(input).length === 0);
        const ceiling = input.capacities.reduce((sum, { nodes, gpusPerNode }) => sum + nodes * gpusPerNode, 0);
        for (const { declaration, flavors } of planQueues(input).queues) {
          expect(mostGpus(declaration, input)).toBeLessThanOrEqual(ceiling);
          for (const { lendingLimit, nominalQuota } of flavors.flatMap(({ resources }) => resources)) {
            if (lendingLimit !== undefined)
              expect(parseQuantity(lendingLimit) <= parseQuantity(nominalQuota)).toBe(true);
          }
        }
      }),
    );
  });

  it("leaves no GPU to nobody where no queue names a number", () => {
    fc.assert(
      fc.property(pools, fc.integer({ min: 1, max: 5 }), (all, count) => {
        const queues = Array.from({ length: count }, (_each, index) => ({ name: `queue-${index}` }));
        const plan = planQueues({ capacities: all, queues });
        for (const { pool: name, total } of all) {
          const gpus = total["nvidia.com/gpu"];
          if (gpus === undefined) continue;
          expect(plan.queues.reduce((sum, queue) => sum + amount(queue, name, "nvidia.com/gpu"), 0n)).toBe(gpus);
        }
      }),
    );
  });
});
