import { describe, expect, it } from "vitest";
import { gpuPoolShape } from "../../../../components";
import { kwokInstanceTypes } from "../../../../components/cluster/autoscaling/kwok-instance-types";
import { gpuNodeSettings } from "../../../../components/cluster/gpu-pool-shape";
import { kwokNodePoolManifests } from "../../../../components/cluster/node-back-ends/kwok-karpenter/kwok-karpenter-pool";
import type { GpuNodePoolArgs } from "../../../../components";
import { UNKNOWN_USD_PER_HOUR } from "../../../../components/model/local-autoscaling";

const planOf = (args: GpuNodePoolArgs) => ({ shape: gpuPoolShape("train", args), nodes: gpuNodeSettings(args) });
const manifestsOf = (args: GpuNodePoolArgs) => kwokNodePoolManifests(planOf(args));
const typesFor = (...pools: GpuNodePoolArgs[]) => kwokInstanceTypes(pools.map(planOf));

describe("NodePools of a pool on the embedded cluster", () => {
  it("are one that grows from zero to the ceiling, in nodes and in GPUs", () => {
    const [pool, ...others] = manifestsOf({ instanceType: "g5.12xlarge", maxNodes: 3 });
    expect(others).toEqual([]);
    expect(pool).toMatchObject({
      metadata: { name: "train" },
      spec: {
        limits: { nodes: "3", "nvidia.com/gpu": "12" },
        disruption: { consolidationPolicy: "WhenEmpty", consolidateAfter: "10s" },
      },
    });
  });

  it("are one for nodes that are always there, and one for the rest", () => {
    const [standing, growing] = manifestsOf({ instanceType: "g5.12xlarge", minNodes: 1, maxNodes: 3 });
    expect(standing).toMatchObject({
      metadata: { name: "train-standing" },
      spec: { replicas: 1, limits: { nodes: "1" }, template: { spec: { nodeClassRef: { name: "train" } } } },
    });
    expect(standing!.spec.limits).toEqual({ nodes: "1" });
    expect(growing).toMatchObject({ spec: { limits: { nodes: "2", "nvidia.com/gpu": "8" } } });
    expect(
      manifestsOf({ instanceType: "g5.12xlarge", minNodes: 2, maxNodes: 2 }).map(({ metadata }) => metadata),
    ).toEqual([{ name: "train-standing" }]);
  });

  it("tell what a node of each type has", () => {
    const [pool] = manifestsOf({ instanceTypes: ["g5.12xlarge", "g6.12xlarge"], maxNodes: 1 });
    const told = pool!.spec.template.metadata.annotations["mlstack.dev/simulated-resources-by-type"];
    const byType = JSON.parse(told) as Record<string, { capacity: Record<string, string> }>;
    expect(Object.keys(byType)).toEqual(["g5.12xlarge", "g6.12xlarge"]);
    expect(byType["g5.12xlarge"]!.capacity).toMatchObject({ cpu: "48", "nvidia.com/gpu": "4" });
  });
});

describe("instance types for Karpenter's KWOK provider", () => {
  it("are those of all pools, once, with a price on demand and as spot in each zone", () => {
    const types = typesFor(
      { instanceTypes: ["g5.xlarge", "g6.xlarge"], maxNodes: 1, availabilityZones: ["us-west-2a"] },
      { instanceType: "g5.xlarge", maxNodes: 1 },
    );
    expect(types.map(({ name }) => name)).toEqual(["g5.xlarge", "g6.xlarge"]);
    expect(
      types[0]!.offerings.map(({ Price, Requirements }) => [Price, Requirements.map(({ values }) => values[0])]),
    ).toEqual([
      [1.006, ["on-demand", "us-west-2a"]],
      [0.5237, ["spot", "us-west-2a"]],
    ]);
  });

  it("are in three zones where no pool names any", () => {
    const [type] = typesFor({ instanceType: "g5.xlarge", maxNodes: 1 });
    expect(type!.offerings).toHaveLength(6);
  });

  it("have what is left to pods on EKS once the provider has taken off its part", () => {
    const [type] = typesFor({ instanceType: "g4dn.xlarge", maxNodes: 1 });
    expect(type!.resources).toMatchObject({ cpu: "4020m", memory: "13600Mi", "nvidia.com/gpu": "1", pods: "110" });
  });

  it("are taken last where no price is known", () => {
    const [type] = typesFor({ instanceType: "p5e.48xlarge", maxNodes: 1 });
    expect(new Set(type!.offerings.map(({ Price }) => Price))).toEqual(new Set([UNKNOWN_USD_PER_HOUR]));
  });
});
