import { describe, expect, it } from "vitest";
import { TENANT_LABEL, UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import type { CostInput, TenantCost } from "../../../preflight/cost";
import type { Workload } from "../../../preflight/demand";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { costs, peakOf, pool, proof, workload } from "./stack";

const GIB = 1024 ** 3;

/** Four GPUs a node at USD 5.672/h, of four nodes at most. */
const training = pool({ labels: { pool: "training" } });
/** A node of 2 CPUs and 8 GiB at USD 0.1008/h, of ten at most. */
const system = pool({
  name: "system",
  shape: { instanceTypes: ["m7i.large"] },
  maxNodes: 10,
  free: { cpu: 2000, memory: 8 * GIB, pods: 50 },
  labels: { pool: "system" },
});

function object(
  apiVersion: string,
  kind: string,
  name: string,
  spec: Tree,
  metadata: TreeObject = {},
): PlannedResource {
  const properties: TreeObject = { apiVersion, kind, metadata: { name, ...metadata }, spec };
  return { type: `kubernetes:${apiVersion}:${kind}`, name, urn: `urn:${kind}:${name}`, properties };
}

const namespace = (name: string, tenant?: string) =>
  object("v1", "Namespace", name, {}, { labels: tenant === undefined ? {} : { [TENANT_LABEL]: tenant } });

const localQueue = (of: string, clusterQueue: Tree = "vision") =>
  object("kueue.x-k8s.io/v1beta2", "LocalQueue", "default", { clusterQueue }, { namespace: of });

const flavor = (name: string) =>
  object("kueue.x-k8s.io/v1beta2", "ResourceFlavor", name, { nodeLabels: { pool: name } });

/** A queue with quotas by flavor and resource; a pair is a quota and what may be borrowed. */
function clusterQueue(
  name: string,
  flavors: Record<string, Record<string, Tree | [quota: Tree, borrowed: Tree]>>,
  cohortName?: string,
): PlannedResource {
  const quotaOf = (resource: string, quota: Tree | [Tree, Tree]): TreeObject =>
    Array.isArray(quota)
      ? { name: resource, nominalQuota: quota[0], borrowingLimit: quota[1] }
      : { name: resource, nominalQuota: quota };
  const group = {
    coveredResources: [...new Set(Object.values(flavors).flatMap((quotas) => Object.keys(quotas)))],
    flavors: Object.entries(flavors).map(([each, quotas]) => ({
      name: each,
      resources: Object.entries(quotas).map(([resource, quota]) => quotaOf(resource, quota)),
    })),
  };
  const spec = { resourceGroups: [group], ...(cohortName === undefined ? {} : { cohortName }) };
  return object("kueue.x-k8s.io/v1beta2", "ClusterQueue", name, spec);
}

const quota = (of: string, hard: Tree) => object("v1", "ResourceQuota", "quota", { hard }, { namespace: of });

function tenant(
  resources: PlannedResource[],
  input: Partial<CostInput> = {},
): TenantCost & { gaps: readonly string[] } {
  const { tenants, gaps } = costs({ pools: [training, system], resources, ...input });
  expect(tenants).toHaveLength(1);
  return { ...tenants[0]!, gaps };
}

/** Workloads of a tenant on the training pool. */
function ofVision(...all: Workload[]): Partial<CostInput> {
  const workloads = all.map((each) => ({ ...each, tenant: "vision" }));
  const proofs = workloads.flatMap((each) => each.podSets.map((_, set) => proof(each, { training: 4 }, set)));
  return { workloads, proofs };
}

describe("what a tenant costs at most", () => {
  const own = [namespace("vision-a", "vision"), flavor("training"), flavor("system"), localQueue("vision-a")];

  it.each<[string, PlannedResource[], number | undefined]>([
    ["is the GPUs of its queue", [clusterQueue("vision", { training: { "nvidia.com/gpu": 6 } })], 8.508],
    [
      "is the GPUs, whatever CPU the queue has beside them",
      [clusterQueue("vision", { training: { "nvidia.com/gpu": 2, cpu: "192" } })],
      2.836,
    ],
    [
      "is CPU or memory of nodes without GPUs, whichever is more of a node",
      [clusterQueue("vision", { system: { cpu: "2", memory: "16Gi" } })],
      0.2016,
    ],
    [
      "is GPUs and other nodes together",
      [clusterQueue("vision", { training: { "nvidia.com/gpu": 2 }, system: { cpu: "4" } })],
      3.0376,
    ],
    [
      "is what it may borrow as well",
      [
        clusterQueue("vision", { training: { "nvidia.com/gpu": 2 } }, "all"),
        clusterQueue("speech", { training: { "nvidia.com/gpu": 3 } }, "all"),
      ],
      7.09,
    ],
    [
      "is only so much as it may borrow",
      [
        clusterQueue("vision", { training: { "nvidia.com/gpu": [2, 1] } }, "all"),
        clusterQueue("speech", { training: { "nvidia.com/gpu": 3 } }, "all"),
      ],
      4.254,
    ],
    ["is no more than the pool has", [clusterQueue("vision", { training: { "nvidia.com/gpu": 99 } })], 22.688],
    ["is nothing of an empty queue", [clusterQueue("vision", { training: { "nvidia.com/gpu": 0 } })], 0],
    ["is nothing of a queue that is not there", [], 0],
    [
      "is not known where a quota is not",
      [clusterQueue("vision", { training: { "nvidia.com/gpu": UNKNOWN } })],
      undefined,
    ],
  ])("%s", (_case, queues, ceiling) => {
    const cost = tenant([...own, ...queues]);
    expect(cost).toMatchObject({ tenant: "vision", idle: 0, typical: 0, ceiling, ceilingFrom: "queues" });
    const gap = "tenant vision: what it may have at most, or a price of it, is not known";
    expect(cost.gaps).toEqual(ceiling === undefined ? [gap] : []);
  });

  it("is of the dearest flavor, as far as its quotas and what may be borrowed of it allow", () => {
    const cheap = pool({
      name: "cheap",
      shape: { instanceTypes: ["g5.xlarge"] },
      free: { "nvidia.com/gpu": 1 },
      labels: { pool: "cheap" },
    });
    const queues = [
      clusterQueue("vision", { training: { "nvidia.com/gpu": 1 }, cheap: { "nvidia.com/gpu": 2 } }, "all"),
      clusterQueue("speech", { cheap: { "nvidia.com/gpu": 1 } }, "all"),
    ];
    expect(tenant([...own, flavor("cheap"), ...queues], { pools: [training, cheap] }).ceiling).toBe(4.436);
  });

  it("is of any node where the stack does not declare the flavor", () => {
    const resources = [own[0]!, localQueue("vision-a"), clusterQueue("vision", { other: { "nvidia.com/gpu": 1 } })];
    expect(tenant(resources).ceiling).toBe(1.418);
  });

  it("is nothing of a flavor that has no nodes", () => {
    expect(tenant([...own, flavor("other"), clusterQueue("vision", { other: { "nvidia.com/gpu": 1 } })]).ceiling).toBe(
      0,
    );
  });

  it("is not known where its queue is not", () => {
    expect(tenant([own[0]!, localQueue("vision-a", UNKNOWN)])).toMatchObject({
      ceiling: undefined,
      ceilingFrom: "queues",
    });
  });

  it("is that of all of its queues, each once", () => {
    const resources = [
      ...own,
      namespace("vision-b", "vision"),
      localQueue("vision-b"),
      localQueue("vision-b", "more"),
      clusterQueue("vision", { training: { "nvidia.com/gpu": 1 } }),
      clusterQueue("more", { training: { "nvidia.com/gpu": 2 } }),
    ];
    expect(tenant(resources).ceiling).toBe(4.254);
  });

  it("is not that of others' queues", () => {
    const resources = [
      own[0]!,
      namespace("nobody"),
      localQueue("nobody"),
      localQueue("elsewhere"),
      clusterQueue("vision", { training: { "nvidia.com/gpu": 1 } }),
    ];
    expect(tenant(resources)).toMatchObject({ ceiling: 0, ceilingFrom: "workloads" });
  });

  it("has beside its queues the workloads that wait in none", () => {
    const queued = { ...workload("a", { kind: "once" }, [{ count: 4 }]), clusterQueue: "vision" };
    const free = workload("b", { kind: "once" }, [{ count: 1 }]);
    const queue = clusterQueue("vision", { training: { "nvidia.com/gpu": 2 } });
    expect(tenant([...own, queue], ofVision(queued, free)).ceiling).toBe(4.254);
  });

  it.each<[string, Tree, number | undefined, TenantCost["ceilingFrom"]]>([
    ["is what its quota allows of GPUs", { "requests.nvidia.com/gpu": "2", cpu: "0", memory: "0" }, 2.836, "quota"],
    [
      "is what its quota allows of GPUs and of other nodes",
      { "requests.nvidia.com/gpu": "2", "requests.cpu": "4", "requests.memory": "8Gi" },
      3.0376,
      "quota",
    ],
    ["is all GPUs that there are, where the quota does not limit them", { cpu: "0", memory: "0" }, 22.688, "quota"],
    [
      "is all other nodes that there are, where the quota does not limit their memory",
      { "requests.nvidia.com/gpu": "0", cpu: "0" },
      1.008,
      "quota",
    ],
    ["is nothing for a quota below nothing", { "requests.nvidia.com/gpu": "-1", cpu: "-1", memory: "0" }, 0, "quota"],
    ["is not known where the quota is not", { "requests.nvidia.com/gpu": UNKNOWN }, undefined, "quota"],
    ["is that of its workloads where the quota is about something else", { configmaps: 3 }, 0, "workloads"],
  ])("without queues %s", (_case, hard, ceiling, ceilingFrom) => {
    expect(tenant([namespace("vision-a", "vision"), quota("vision-a", hard)])).toMatchObject({ ceiling, ceilingFrom });
  });

  const both = (gpus: Tree, hard: Tree, queue: Tree = "vision") => [
    ...[namespace("vision-a", "vision"), flavor("training"), localQueue("vision-a", queue)],
    clusterQueue("vision", { training: { "nvidia.com/gpu": gpus } }),
    quota("vision-a", hard),
  ];
  const gpusOnly = (gpus: Tree): TreeObject => ({ "requests.nvidia.com/gpu": gpus, cpu: "0", memory: "0" });
  it.each<[string, PlannedResource[], number | undefined, TenantCost["ceilingFrom"]]>([
    ["its quota where that is less", both(8, gpusOnly("6")), 8.508, "quota"],
    ["its queues where these are less", both(2, gpusOnly("6")), 2.836, "queues"],
    [
      "its quota of GPUs where nothing else is in its queue",
      both(8, { "requests.nvidia.com/gpu": "6" }),
      8.508,
      "queues",
    ],
    ["nothing where its quota is below nothing", both(8, { "requests.nvidia.com/gpu": "-1" }), 0, "queues"],
    ["its queues where its quota is not known", both(2, gpusOnly(UNKNOWN)), 2.836, "queues"],
    ["its quota where its queue is not known", both(2, gpusOnly("6"), UNKNOWN), 8.508, "quota"],
    ["its quota where what its queue has is not known", both(UNKNOWN, gpusOnly("6")), 8.508, "quota"],
  ])("with queues and quotas is %s", (_case, resources, ceiling, ceilingFrom) => {
    expect(tenant(resources)).toMatchObject({ ceiling, ceilingFrom });
  });

  it("with queues is not bounded by quotas of some of its namespaces only", () => {
    const resources = [...both(8, { "requests.nvidia.com/gpu": "6" }), namespace("vision-b", "vision")];
    expect(tenant(resources)).toMatchObject({ ceiling: 11.344, ceilingFrom: "queues" });
    const more = quota("vision-b", { "requests.nvidia.com/gpu": "1" });
    expect(tenant([...resources, more])).toMatchObject({ ceiling: 9.926, ceilingFrom: "queues" });
  });

  it("counts nodes by their GPUs and not by their network adapters, and nodes with none of either by CPU and memory", () => {
    const resources = [
      namespace("vision-a", "vision"),
      quota("vision-a", { "requests.nvidia.com/gpu": "1", "requests.cpu": "2", "requests.memory": "0" }),
    ];
    const pools = [
      pool({ free: { "nvidia.com/gpu": 4, "vpc.amazonaws.com/efa": 1 } }),
      { ...system, free: new Map([...system.free, ["nvidia.com/gpu", 0]]) },
    ];
    expect(tenant(resources, { pools }).ceiling).toBe(1.5188);
  });

  it("needs no price of pools that have no nodes", () => {
    const pools = [training, pool({ name: "odd", shape: { instanceTypes: ["x9.large"] }, maxNodes: 0 })];
    const resources = [
      namespace("vision-a", "vision"),
      quota("vision-a", { "requests.nvidia.com/gpu": "1", "requests.cpu": "0", "requests.memory": "0" }),
    ];
    expect(tenant(resources, { pools }).ceiling).toBe(1.418);
  });

  it("without queues is what the quotas of all of its namespaces allow", () => {
    const hard = { "requests.nvidia.com/gpu": "1", "requests.cpu": "0", "requests.memory": "0" };
    const namespaces = [namespace("vision-a", "vision"), namespace("vision-b", "vision")];
    expect(tenant([...namespaces, quota("vision-a", hard), quota("vision-b", hard)]).ceiling).toBe(2.836);
  });

  it("without limits is what its workloads ask for, of each pool no more than it may cost", () => {
    const jobs = (count: number) => ofVision(workload("a", { kind: "once" }, [{ count }]));
    const resources = [namespace("vision-a", "vision")];
    expect(tenant(resources, jobs(3))).toMatchObject({ typical: 0, ceiling: 4.254, ceilingFrom: "workloads" });
    expect(tenant(resources, jobs(300)).ceiling).toBe(22.688);
  });

  it("counts spot machines at the on-demand price", () => {
    const pools = [pool({ shape: { capacityType: "spot" } })];
    const input = ofVision(workload("a", { kind: "always" }, [{ count: 4 }]));
    expect(tenant([], { ...input, pools })).toMatchObject({ typical: 3.4917, ceiling: 5.672 });
  });

  it("is not known where a workload's pods are not", () => {
    const cost = tenant([], ofVision(workload("a", { kind: "once" }, [{ count: undefined }])));
    expect(cost.ceiling).toBeUndefined();
    expect(cost.gaps).toContain("tenant vision: what its workloads take, or a price of it, is not known");
  });

  it("is not known where the pods of a workload beside its queues are not", () => {
    const queue = clusterQueue("vision", { training: { "nvidia.com/gpu": 2 } });
    const free = workload("a", { kind: "once" }, [{ count: undefined }]);
    const cost = tenant([...own, queue], ofVision(free));
    expect(cost).toMatchObject({ ceiling: undefined, ceilingFrom: "queues" });
    expect(cost.gaps).toContain("tenant vision: what its workloads take, or a price of it, is not known");
  });

  it("is not known where what it may have has no price", () => {
    const pools = [pool({ shape: { instanceTypes: ["x9.large"] }, labels: { pool: "training" } })];
    const queue = clusterQueue("vision", { training: { "nvidia.com/gpu": 2 } });
    expect(tenant([...own, queue], { pools }).ceiling).toBeUndefined();
  });

  it("has no bound where nothing bounds its quotas and pools", () => {
    const pools = [pool({ maxNodes: undefined })];
    const resources = [namespace("vision-a", "vision"), quota("vision-a", { "requests.cpu": "1" })];
    expect(tenant(resources, { pools }).ceiling).toBe(Infinity);
  });
});

describe("what a tenant costs typically", () => {
  const run = { kind: "repeated", hours: 12, runsPerWeek: 7 } as const;
  const overlapping = { kind: "repeated", hours: 36, runsPerWeek: 7, runsAtOnce: 2 } as const;

  it.each<[string, Workload[], number | undefined]>([
    ["is that of its services", [workload("s", { kind: "always" }, [{ count: 2 }])], 2.836],
    ["is that of its repeated runs over a week", [workload("r", run, [{ count: 2 }])], 1.418],
    ["is that of runs side by side, as long as each takes", [workload("r", overlapping, [{ count: 2 }])], 2.127],
    ["is nothing for jobs that run once", [workload("j", { kind: "once", hours: 9 }, [{ count: 2 }])], 0],
    ["is nothing for what is suspended", [workload("r", { kind: "repeated", runsPerWeek: 0 })], 0],
    ["leaves out what is not known", [workload("r", { kind: "repeated" }), workload("s", { kind: "always" })], 1.418],
    ["is not known where nothing is", [workload("r", { kind: "repeated" })], undefined],
    [
      "is not known where nothing is but what costs nothing",
      [workload("r", { kind: "repeated" }), workload("j", { kind: "once" })],
      undefined,
    ],
  ])("%s", (_case, workloads, typical) => {
    expect(tenant([], ofVision(...workloads)).typical).toBe(typical);
  });

  it("is that of the least replicas of its services", () => {
    const properties: TreeObject = { spec: { predictor: { minReplicas: 1, maxReplicas: 3 } } };
    const service = workload("s", { kind: "always" }, [{ count: 3, path: "spec.predictor" }], { properties });
    expect(tenant([], ofVision(service))).toMatchObject({ typical: 1.418, ceiling: 4.254 });
  });

  it("is not known where the pods of one of a service's sets are not", () => {
    const service = workload("s", { kind: "always" }, [{ role: "head" }, { role: "worker", count: undefined }]);
    expect(tenant([], ofVision(service)).typical).toBeUndefined();
  });

  it("is nothing for a service that scales to nothing, whatever its nodes cost", () => {
    const properties: TreeObject = { spec: { predictor: { minReplicas: 0, maxReplicas: 3 } } };
    const service = workload("s", { kind: "always" }, [{ count: 3, path: "spec.predictor" }], { properties });
    const pools = [pool({ shape: { instanceTypes: ["x9.large"] } })];
    expect(tenant([], { ...ofVision(service), pools }).typical).toBe(0);
  });

  it("counts what several workloads ask of a pool only as far as the pool can have it", () => {
    const many = (name: string) => workload(name, { kind: "once" }, [{ count: 12 }], { tenant: "vision" });
    const unbounded = pool({ name: "system", maxNodes: undefined, free: { cpu: 4000, pods: 100 } });
    const workloads = [many("a"), many("b")];
    const { tenants } = costs({
      pools: [pool(), unbounded],
      workloads,
      proofs: workloads.map((each) => proof(each, { training: 4 })),
      region: "us-east-1",
    });
    expect(tenants.map(({ ceiling }) => ceiling)).toEqual([22.688]);
  });

  it("is of each pool no more than all of it typically costs", () => {
    const service = workload("s", { kind: "always" }, [{ count: 12 }]);
    expect(tenant([], { ...ofVision(service), packing: peakOf({ training: 2 }) }).typical).toBe(11.344);
  });

  it("is no more than it may cost at most", () => {
    const resources = [
      namespace("vision-a", "vision"),
      quota("vision-a", { "requests.nvidia.com/gpu": "1", "requests.cpu": "0", "requests.memory": "0" }),
    ];
    const service = workload("s", { kind: "always" }, [{ count: 3 }]);
    expect(tenant(resources, ofVision(service))).toMatchObject({ typical: 1.418, ceiling: 1.418 });
  });

  it("is each tenant's own, in the order of their namespaces", () => {
    const workloads = [
      { ...workload("a", { kind: "always" }), tenant: "vision" },
      { ...workload("b", { kind: "always" }, [{ count: 2 }]), tenant: "speech" },
      { ...workload("c", { kind: "always" }), tenant: undefined },
      { ...workload("d", { kind: "always" }), tenant: "guests" },
    ] satisfies Workload[];
    const { tenants } = costs({
      pools: [training],
      workloads,
      proofs: workloads.map((each) => proof(each, { training: 4 })),
      resources: [namespace("speech-a", "speech"), namespace("vision-a", "vision"), namespace("speech-b", "speech")],
    });
    expect(tenants.map((each) => [each.tenant, each.typical])).toEqual([
      ["speech", 2.836],
      ["vision", 1.418],
      ["guests", 1.418],
    ]);
  });
});
