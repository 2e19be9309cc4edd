import { describe, expect, it } from "vitest";
import { poolShapeOf } from "../../../components/model/pool-shape-of";
import type { TreeObject } from "../../../components/model/tree";
import { UNKNOWN } from "../../../components/model/unknown";
import { LABELS, MACHINES, nodePool, requirement, TAINT } from "./objects";

describe("poolShapeOf a NodePool", () => {
  const known = {
    ...MACHINES,
    name: "train",
    capacityType: "on-demand",
    efaInterfaces: 0,
    availabilityZones: ["us-east-1a", "us-east-1b"],
    usdPerNodeHour: 5.672,
    labels: LABELS,
    taints: [TAINT],
    minNodes: 0,
    maxNodes: 3,
  };

  it("reads machines, zones, price, limits, labels and taints", () => {
    expect(nodePool()).toEqual(known);
  });

  it("reads disk and adapters from Karpenter's node class", () => {
    const nodeClass = {
      amiSelectorTerms: [{ alias: "bottlerocket@latest" }],
      blockDeviceMappings: [{ ebs: { volumeSize: "4Gi" } }, { ebs: { volumeSize: "100Gi" } }],
      networkInterfaces: [{ interfaceType: "interface" }, { interfaceType: "efa-only" }],
    };
    expect(nodePool({}, nodeClass)).toEqual({ ...known, ephemeralStorageGib: 100, efaInterfaces: 1 });
    expect(nodePool({}, { ...nodeClass, instanceStorePolicy: "RAID0" })?.ephemeralStorageGib).toBe(3539);
  });

  it("reads disk and adapters from the node class of EKS Auto Mode, which prefers larger local disks", () => {
    const nodeClass = {
      ephemeralStorage: { size: "100Gi" },
      advancedNetworking: { networkInterfaces: [{ interfaceType: "interface" }, { interfaceType: "efa-only" }] },
    };
    expect(nodePool({}, nodeClass)).toEqual({ ...known, ephemeralStorageGib: 3539, efaInterfaces: 1 });
    const withoutDisks = { requirements: [requirement("node.kubernetes.io/instance-type", "In", "g5g.xlarge")] };
    expect(nodePool(withoutDisks, nodeClass)?.ephemeralStorageGib).toBe(100);
    expect(nodePool(withoutDisks, {})?.ephemeralStorageGib).toBe(80);
  });

  it.each([
    ["spot", "spot", "spot"],
    ["reserved", "reserved", "reserved"],
    ["reserved", "capacity-block", "capacity-block"],
  ])("reads capacity type %s under the label %s as %s", (spelt, label, expected) => {
    const requirements = [requirement("karpenter.sh/capacity-type", "In", spelt)];
    const labels = { ...LABELS, "mlstack.dev/capacity-type": label };
    expect(nodePool({ requirements }, undefined, labels)?.capacityType).toBe(expected);
  });

  it.each<[string, TreeObject, number | undefined]>([
    ["nodes", { nodes: "5" }, 5],
    ["GPUs", { "nvidia.com/gpu": 10 }, 2],
    ["CPUs", { cpu: "100" }, 2],
    ["the tightest of several", { nodes: "5", cpu: "1000", "nvidia.com/gpu": "12" }, 3],
    ["nothing that counts", { memory: "1Ti" }, undefined],
  ])("reads the most nodes from a limit of %s", (_case, limits, maxNodes) => {
    const properties = {
      spec: {
        limits,
        template: { spec: { requirements: [requirement("node.kubernetes.io/instance-type", "In", "g5.12xlarge")] } },
      },
    };
    expect(poolShapeOf({ type: "kubernetes:karpenter.sh/v1:NodePool", properties })?.maxNodes).toBe(maxNodes);
  });

  it("reads a NodePool with a set number of nodes", () => {
    const properties = { spec: { replicas: 2, limits: { nodes: "4" } } };
    const shape = poolShapeOf({ type: "kubernetes:karpenter.sh/v1:NodePool", properties });
    expect(shape).toMatchObject({ minNodes: 2, maxNodes: 2 });
  });

  it.each<[string, TreeObject[], string[]]>([
    ["GPU name", [requirement("karpenter.k8s.aws/instance-gpu-name", "In", "h100")], ["p5.4xlarge", "p5.48xlarge"]],
    [
      "GPU name in Auto Mode, and their number",
      [
        requirement("eks.amazonaws.com/instance-gpu-name", "In", "h100"),
        requirement("eks.amazonaws.com/instance-gpu-count", "Gt", "1"),
      ],
      ["p5.48xlarge"],
    ],
    [
      "family without some sizes",
      [
        requirement("karpenter.k8s.aws/instance-family", "In", "g6e"),
        requirement("karpenter.k8s.aws/instance-gpu-count", "Gte", "8"),
        requirement("node.kubernetes.io/instance-type", "NotIn", "g6e.16xlarge"),
      ],
      ["g6e.48xlarge"],
    ],
    [
      "category and little memory",
      [
        requirement("karpenter.k8s.aws/instance-category", "In", "p"),
        requirement("karpenter.k8s.aws/instance-gpu-memory", "Lte", "40960"),
      ],
      ["p3dn.24xlarge", "p4d.24xlarge"],
    ],
  ])("finds the types of the catalogue by %s", (_case, requirements, types) => {
    expect(nodePool({ requirements })?.instanceTypes).toEqual(types);
  });

  it.each<[string, TreeObject[]]>([
    ["categories without GPUs", [requirement("karpenter.k8s.aws/instance-category", "In", "c", "m")]],
    ["categories of both kinds", [requirement("karpenter.k8s.aws/instance-category", "In", "c", "g")]],
    ["machines without GPUs", [requirement("karpenter.k8s.aws/instance-gpu-count", "DoesNotExist")]],
    ["an architecture alone", [requirement("kubernetes.io/arch", "In", "amd64")]],
    ["all but a family", [requirement("karpenter.k8s.aws/instance-family", "NotIn", "g5")]],
    ["nothing", []],
  ])("says nothing of machines where requirements name %s", (_case, requirements) => {
    const shape = nodePool({ requirements });
    expect(shape).not.toHaveProperty("instanceTypes");
    expect(shape).not.toHaveProperty("gpuResource");
  });

  it.each<[string, TreeObject, string]>([
    ["requirements", { requirements: UNKNOWN }, "gpuResource"],
    [
      "instance types",
      { requirements: [requirement("node.kubernetes.io/instance-type", "In", UNKNOWN)] },
      "gpuResource",
    ],
    [
      "GPU name",
      { requirements: [requirement("karpenter.k8s.aws/instance-gpu-name", "In", UNKNOWN)] },
      "instanceTypes",
    ],
    ["family", { requirements: [requirement("karpenter.k8s.aws/instance-family", "In", UNKNOWN)] }, "instanceTypes"],
    ["taints", { taints: UNKNOWN }, "taints"],
  ])("marks what follows from unknown %s", (_case, change, property) => {
    expect(nodePool(change)).toHaveProperty(property, UNKNOWN);
  });
});
