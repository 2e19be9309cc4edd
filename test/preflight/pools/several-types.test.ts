import { describe, expect, it } from "vitest";
import { planOf } from "../../../preflight/plan";
import { plannedPools } from "../../../preflight/pools";
import { type TreeObject, UNKNOWN } from "../../../components/model";
import { stackOf } from "./written-stack";

const nodePool = (types: string, more = "limits: { nodes: 4 }") => `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: gpu }
spec:
  ${more}
  template:
    spec:
      requirements:
        - { key: node.kubernetes.io/instance-type, operator: In, values: [${types}] }
`;

const nodeGroup = (types: string) => `
resource: aws:eks/nodeGroup:NodeGroup
name: gpu
inputs: { nodeGroupName: gpu, instanceTypes: [${types}], scalingConfig: { minSize: 0, maxSize: 4 } }
`;

/** A component with some nodes that it keeps, and the NodePool that it creates. */
const ofComponent = (minNodes: number) => `
resource: mlstack:index:GpuNodePool
name: gpu
inputs: { shape: { name: gpu, instanceTypes: [g5.xlarge, g5.12xlarge], instanceType: g5.xlarge, gpusPerNode: 1,
  gpuResource: nvidia.com/gpu, minNodes: ${minNodes}, maxNodes: 4, taints: [] } }
---
parent: mlstack:index:GpuNodePool::gpu
${nodePool("g5.xlarge, g5.12xlarge").trim()}
`;

const WIDE = `---
apiVersion: v1
kind: Pod
metadata: { name: wide }
spec:
  containers:
    - name: main
      resources: { limits: { cpu: 1, nvidia.com/gpu: 4 } }
`;

const verdict = (pool: string) => {
  const [proof] = planOf(stackOf(`${pool}${WIDE}`)).proofs;
  return { verdict: proof!.verdict, reason: proof!.reason };
};

const poolOf = (yaml: string) => plannedPools(stackOf(yaml))[0]!;

describe("a pool for which Karpenter chooses among instance types", () => {
  it("takes what one of them does", () => {
    expect(verdict(nodePool("g5.xlarge, g5.12xlarge"))).toEqual({ verdict: "runs", reason: "" });
    expect(verdict(nodePool("g5.12xlarge, g5.xlarge"))).toEqual({ verdict: "runs", reason: "" });
  });

  it("refuses what none of them takes", () => {
    const reason = "asks for 4 GPUs; the largest node, of pool gpu (g5.xlarge), has 1";
    expect(verdict(nodePool("g5.xlarge, g5.2xlarge"))).toEqual({ verdict: "never", reason });
    expect(verdict(nodePool("g5.xlarge, g5.xlarge")).verdict).toBe("never");
  });

  it("says so where only a type takes it that is in no table", () => {
    expect(verdict(nodePool("g5.xlarge, g99.48xlarge"))).toEqual({
      verdict: "undecided",
      reason: "whether pool gpu (g99.48xlarge) takes it is not known: the instance type g99.48xlarge is in no table",
    });
  });

  it("is one machine for each of them, with its own amounts and labels", () => {
    const { machines = [], unknowns } = poolOf(nodePool("g5.xlarge, g5.12xlarge, g5.xlarge"));
    expect(machines.map(({ instanceType, free }) => [instanceType, free.get("nvidia.com/gpu")])).toEqual([
      ["g5.xlarge", 1],
      ["g5.12xlarge", 4],
    ]);
    const labels = machines.map(({ nodeAt }) => nodeAt("us-east-1a", 1).labels);
    expect(labels.map((each) => each["node.kubernetes.io/instance-type"])).toEqual(["g5.xlarge", "g5.12xlarge"]);
    expect(labels.map((each) => each["karpenter.k8s.aws/instance-gpu-count"])).toEqual(["1", "4"]);
    expect(machines.map(({ nodeAt }) => nodeAt("", 1).name)).toEqual(["gpu-g5.xlarge-1", "gpu-g5.12xlarge-1"]);
    expect(unknowns.map(({ property }) => property)).toEqual(["ephemeralStorageGib"]);
  });

  it.each([
    ["nodes", "limits: { nodes: 3 }", [3, 3], 3],
    ["GPUs", "limits: { nvidia.com/gpu: 6 }", [6, 1], 6],
    ["CPUs", "limits: { cpu: 100 }", [25, 2], 25],
    ["memory, without what the hypervisor takes", "limits: { memory: 180Gi }", [12, 1], 12],
    ["several resources", "limits: { nodes: 5, nvidia.com/gpu: 6 }", [5, 1], 5],
    ["resources that no type has", "limits: { amd.com/gpu: 6 }", [undefined, undefined], undefined],
    ["what is no quantity", "limits: { nodes: many }", [undefined, undefined], undefined],
    ["nothing", "limits: {}", [undefined, undefined], undefined],
  ])("has as many nodes as its limits of %s allow", (_, limits, ofTypes, all) => {
    const { machines = [], maxNodes } = poolOf(nodePool("g5.xlarge, g5.12xlarge", limits));
    expect(machines.map((machine) => machine.maxNodes)).toEqual(ofTypes);
    expect(maxNodes).toBe(all);
  });

  it("says where a limit is not known yet, whatever it is of", () => {
    const [pool] = stackOf(nodePool("g5.xlarge, g5.12xlarge"));
    const limits: TreeObject = { nodes: 4, memory: UNKNOWN };
    const unknown = {
      ...pool!,
      properties: { ...pool!.properties, spec: { ...(pool!.properties.spec as TreeObject), limits } },
    };
    expect(plannedPools([unknown])[0]?.unknowns).toContainEqual({
      property: "maxNodes",
      reason: "its limit of memory is not known yet",
    });
    expect(planOf([unknown, ...stackOf(WIDE)]).proofs[0]).toMatchObject({
      verdict: "undecided",
      reason: "how large pool gpu (g5.12xlarge) can be is not known: its limit of memory is not known yet",
    });
  });

  it("says where a limit is no quantity, and nothing where it is absent", () => {
    const reason = 'its limit of nvidia.com/gpu is "abc", which is no quantity';
    const pool = poolOf(nodePool("g5.xlarge, g5.12xlarge", "limits: { nvidia.com/gpu: abc, cpu: null }"));
    expect(pool.unknowns.filter(({ property }) => property === "maxNodes")).toEqual([{ property: "maxNodes", reason }]);
  });

  it("may be of a component that says less of its machines", () => {
    expect(verdict(ofComponent(0))).toEqual({ verdict: "runs", reason: "" });
    expect(poolOf(ofComponent(0)).machines?.map(({ shape }) => shape.gpusPerNode)).toEqual([1, 4]);
  });

  it("has the limits of one type where it has one", () => {
    expect(poolOf(nodePool("g5.xlarge", "limits: { memory: 30Gi }"))).toMatchObject({ maxNodes: 2, minNodes: 0 });
    expect(poolOf(nodePool("g5.xlarge")).machines).toBeUndefined();
  });
});

describe("a pool for which nobody chooses among instance types", () => {
  const doubt =
    "whether pool gpu (g5.xlarge) takes it is not known: it is judged by the smallest of its instance types, and a node " +
    "may be of a larger one, up to g5.12xlarge";

  it.each([
    ["a node group", nodeGroup("g5.xlarge, g5.12xlarge")],
    ["a NodePool whose component keeps nodes", ofComponent(1)],
    ["a NodePool that keeps a number of nodes", nodePool("g5.xlarge, g5.12xlarge", "replicas: 2")],
  ])("does not refuse for certain what a larger one of them takes: %s", (_, pool) => {
    expect(poolOf(pool).machines).toBeUndefined();
    expect(verdict(pool)).toEqual({ verdict: "undecided", reason: doubt });
  });

  it("keeps the number of its nodes where that is none", () => {
    expect(poolOf(nodePool("g5.xlarge, g5.12xlarge", "replicas: 0")).maxNodes).toBe(0);
  });

  it("takes what the smallest of them does", () => {
    expect(verdict(nodeGroup("g5.12xlarge, g5.48xlarge")).verdict).toBe("runs");
  });

  it("refuses what none of them takes", () => {
    expect(verdict(nodeGroup("g5.xlarge, g5.2xlarge")).verdict).toBe("never");
  });
});
