import { describe, expect, it } from "vitest";
import { Queues } from "../../../../components/platform/queues/queues";
import type { QueuesArgs } from "../../../../components/platform/queues/queues-args";
import { gpuPoolShape } from "../../../../components/cluster/gpu-pool-shape";
import { type PoolShape, QueueStop, TaintEffect } from "../../../../components/model";
import { queueManifests } from "../../../../components/platform/queues/queues-manifests";
import type { KubernetesObject } from "../../../../components/rendering";
import { expectGolden, toYaml } from "../../../support/golden";
import { childList, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { pool } from "../../../model/queue-plan-pools";

const system: PoolShape = { ...pool({ name: "system", maxNodes: 4, gpusPerNode: 0 }), taints: [] };
const train = gpuPoolShape("train", {
  instanceType: "p5.48xlarge",
  efa: true,
  maxNodes: 4,
  taints: [{ key: "example.com/team", effect: TaintEffect.noExecute }],
});
const serve = gpuPoolShape("serve", { instanceType: "g5.xlarge", maxNodes: 8 });
const pools = [train, system, serve];

interface ClusterQueueSpec {
  namespaceSelector: unknown;
  resourceGroups: [
    { coveredResources: string[]; flavors: { name: string; resources: { name: string; nominalQuota: string }[] }[] },
  ];
}

function specOf(object: KubernetesObject | undefined): ClusterQueueSpec {
  return object!["spec"] as ClusterQueueSpec;
}

function quotaOf(args: QueuesArgs, flavor: string, resource: string): string | undefined {
  const [group] = specOf(queueManifests("queues", args).clusterQueues[0]).resourceGroups;
  return group.flavors.find(({ name }) => name === flavor)?.resources.find(({ name }) => name === resource)
    ?.nominalQuota;
}

describe("the objects of queues", () => {
  it("are those of the golden file", () => {
    const { topologies, flavors, cohorts, clusterQueues, priorityClasses } = queueManifests("queues", {
      pools,
      platform: { systemPool: "system" },
      queues: [
        {
          name: "research",
          quotas: [{ pool: "train", gpus: 24, lendingLimitGpus: 8 }],
          fairShareWeight: 3,
          strict: true,
          namespaceLabels: { "example.com/department": "research" },
        },
        { name: "products", quotas: [{ pool: "serve" }, { pool: "train", gpus: 8, borrowingLimitGpus: 8 }] },
      ],
    });
    const objects = [...topologies, ...flavors, ...cohorts, ...clusterQueues, ...priorityClasses];
    expectGolden("queues.yaml", toYaml(...objects));
  });

  it("let a single queue have everything where none is declared", () => {
    const { clusterQueues, cohorts } = queueManifests("all", { pools });
    expect(clusterQueues.map(({ metadata }) => metadata.name)).toEqual(["default"]);
    expect(cohorts.map(({ metadata }) => metadata.name)).toEqual(["all"]);
  });

  it("have a flavor of each pool, which its label tells apart and whose taints it tolerates", () => {
    const { flavors } = queueManifests("queues", { pools });
    expect(flavors.map(({ metadata, spec }) => [metadata.name, spec as unknown])).toEqual([
      [
        "train",
        {
          nodeLabels: { "mlstack.dev/pool": "train" },
          tolerations: [
            { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule", operator: "Equal" },
            { key: "example.com/team", effect: "NoExecute", operator: "Exists" },
          ],
        },
      ],
      ["system", { nodeLabels: { "mlstack.dev/pool": "system" } }],
      ["serve", expect.objectContaining({ nodeLabels: { "mlstack.dev/pool": "serve" } })],
    ]);
  });

  it("keep pods off GPU pools that tolerate nothing themselves, where that is asked for", () => {
    const { flavors } = queueManifests("queues", { pools, requireTolerations: true });
    expect(flavors[0]!["spec"]).toEqual({
      nodeLabels: { "mlstack.dev/pool": "train" },
      nodeTaints: [
        { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" },
        { key: "example.com/team", effect: "NoExecute" },
      ],
    });
  });

  it("list the same resources in the same order for every flavor of every queue", () => {
    const poolResources = [{ pool: "serve", resource: "nvidia.com/gpu.shared", perNode: 4 }];
    const { clusterQueues } = queueManifests("queues", {
      pools,
      poolResources,
      queues: [{ name: "a" }, { name: "b" }],
    });
    const resources = [
      "cpu",
      "memory",
      "ephemeral-storage",
      "nvidia.com/gpu",
      "vpc.amazonaws.com/efa",
      "nvidia.com/gpu.shared",
    ];
    for (const queue of clusterQueues) {
      const [group] = specOf(queue).resourceGroups;
      expect(group.coveredResources).toEqual(resources);
      for (const flavor of group.flavors) expect(flavor.resources.map(({ name }) => name)).toEqual(resources);
    }
    expect(quotaOf({ pools, poolResources }, "serve", "nvidia.com/gpu.shared")).toBe("32");
  });

  it("leave to each node what runs on it, and to controllers half of the system pool", () => {
    expect(quotaOf({ pools }, "system", "cpu")).toBe("14820m");
    expect(quotaOf({ pools, systemPoolPercent: 100, nodeOverhead: { cpu: "410m" } }, "system", "cpu")).toBe("30");
    expect(quotaOf({ pools, nodeOverhead: { memory: "1Ti" } }, "system", "memory")).toBe("0");
  });

  it("give all of a pool without GPUs to jobs where controllers run on another one", () => {
    const cpu = pool({ name: "cpu", maxNodes: 4, gpusPerNode: 0 });
    const args = { pools: [system, cpu], platform: { systemPool: "system" } };
    expect([quotaOf(args, "system", "cpu"), quotaOf(args, "cpu", "cpu")]).toEqual(["14820m", "29640m"]);
  });

  it("take from queued namespaces only", () => {
    const queues = [{ name: "a", namespaceLabels: { "mlstack.dev/tenant": "vision" } }, { name: "b" }];
    const { clusterQueues } = queueManifests("queues", { pools, queues });
    expect(clusterQueues.map((queue) => specOf(queue).namespaceSelector)).toEqual([
      { matchLabels: { "mlstack.dev/queued": "true", "mlstack.dev/tenant": "vision" } },
      { matchLabels: { "mlstack.dev/queued": "true" } },
    ]);
  });

  it("are waited for until they are active, unless nobody makes them so", () => {
    const annotations = (args: Partial<QueuesArgs>) =>
      queueManifests("queues", { pools, ...args }).clusterQueues[0]!.metadata.annotations;
    expect(annotations({})).toEqual({ "pulumi.com/waitFor": "condition=Active" });
    expect(annotations({ platform: { simulated: true } })).toBeUndefined();
    expect(annotations({ queues: [{ name: "a", stop: QueueStop.hold }] })).toBeUndefined();
  });

  it("have a topology that flavors refer to, where levels are given", () => {
    const topologyLevels = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"];
    const { topologies, flavors } = queueManifests("queues", { pools, topologyLevels });
    expect(topologies).toEqual([
      {
        apiVersion: "kueue.x-k8s.io/v1beta2",
        kind: "Topology",
        metadata: { name: "nodes" },
        spec: { levels: topologyLevels.map((nodeLabel) => ({ nodeLabel })) },
      },
    ]);
    expect(flavors[0]!["spec"]).toMatchObject({ topologyName: "nodes" });
  });
});

describe("Queues", () => {
  it("creates flavors and cohort before queues, so that they are deleted after them", async () => {
    const program = await startMocks();
    const queues = new Queues("queues", { pools, queues: [{ name: "a" }, { name: "b", cohort: "" }] });
    expect(await valueOf(queues.clusterQueues)).toEqual(["a", "b"]);
    expect(childList(await program.resources()).sort()).toEqual([
      "kubernetes:kueue.x-k8s.io/v1beta2:ClusterQueue queues-queue-a < queues",
      "kubernetes:kueue.x-k8s.io/v1beta2:ClusterQueue queues-queue-b < queues",
      "kubernetes:kueue.x-k8s.io/v1beta2:Cohort queues-cohort-queues < queues",
      "kubernetes:kueue.x-k8s.io/v1beta2:ResourceFlavor queues-flavor-serve < queues",
      "kubernetes:kueue.x-k8s.io/v1beta2:ResourceFlavor queues-flavor-system < queues",
      "kubernetes:kueue.x-k8s.io/v1beta2:ResourceFlavor queues-flavor-train < queues",
      "kubernetes:kueue.x-k8s.io/v1beta2:WorkloadPriorityClass queues-priority-high < queues",
      "kubernetes:kueue.x-k8s.io/v1beta2:WorkloadPriorityClass queues-priority-low < queues",
      "kubernetes:kueue.x-k8s.io/v1beta2:WorkloadPriorityClass queues-priority-normal < queues",
      "mlstack:index:Queues queues",
    ]);
    expect((await program.resource("queues-queue-a")).dependsOn).toEqual([
      "queues-cohort-queues",
      "queues-flavor-serve",
      "queues-flavor-system",
      "queues-flavor-train",
    ]);
  });

  it.each<[string, Partial<QueuesArgs>, string]>([
    [
      "quotas beyond a pool's ceiling",
      { queues: [{ name: "a", quotas: [{ pool: "serve", gpus: 9 }] }] },
      "queues is 9 GPUs of pool serve in all (a 9); allowed: at most 8, as pool serve has at most 8 nodes of 1. Lower the " +
        "quotas of pool serve, or raise its maxNodes.",
    ],
    [
      "tenants that wait in no queue there is",
      { tenants: [{ namespace: "vision", gpus: 1, clusterQueues: ["research"] }] },
      'tenants[0].clusterQueues[0] is "research", where tenant vision waits; allowed: default. Name a queue that there is.',
    ],
    ["no pools", { pools: [] }, "pools is 0 pools; allowed: 1 to 64 pools. Give the pools that jobs run on."],
    [
      "pools of one name",
      { pools: [train, train] },
      "pools is more than one pool train; allowed: each name once. Give each pool a name of its own.",
    ],
    [
      "resources of pools that are not there",
      { poolResources: [{ pool: "x", resource: "a.b/c", perNode: 1 }] },
      'poolResources[0].pool is "x"; allowed: train, system, serve. Name a pool of pools.',
    ],
    [
      "names that Kubernetes refuses",
      { queues: [{ name: "A" }] },
      'queues[0].name is "A"; allowed: at most 63 lower-case letters, digits and inner hyphens. Set queues[0].name to such ' +
        "a name.",
    ],
    [
      "priorities that are no whole numbers",
      { priorities: { high: 0.5 } },
      'priorities["high"] is 0.5; allowed: a whole number from -2147483648 to 2147483647. Set priorities["high"] within ' +
        "that range.",
    ],
  ])("refuses %s", async (_title, args, message) => {
    await startMocks();
    expect(problemsOf(() => new Queues("queues", { pools, ...args })).reasons).toEqual([message]);
  });
});
