import { describe, expect, it } from "vitest";
import { plannedPools } from "../../../preflight/pools";
import { goldenStack, stackOf } from "./written-stack";

const ABSENT = {
  property: "gpuResource",
  reason: "the device plugin of the stack does not run on its nodes, so nothing tells who offers its GPUs",
};

/** A taint that the plugin does not tolerate. */
const group = (amiType: string) => `
resource: aws:eks/nodeGroup:NodeGroup
name: gpu
inputs:
  amiType: ${amiType}
  instanceTypes: [g5.xlarge]
  taints: [{ key: example.com/team, value: vision, effect: NO_SCHEDULE }]
`;

const nodePool = (classGroup: string) => `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: gpu }
spec:
  template:
    spec:
      nodeClassRef: { group: ${classGroup}, kind: Class, name: gpu }
      taints: [{ key: example.com/team, value: vision, effect: NoSchedule }]
      requirements: [{ key: node.kubernetes.io/instance-type, operator: In, values: [g5.xlarge] }]
`;

const CHART = `---
resource: kubernetes:helm.sh/v3:Release
name: plugin
inputs: { chart: nvidia-device-plugin }
`;

const judged = (yaml: string) => {
  const { free, unknowns } = plannedPools([...stackOf(yaml), ...goldenStack("device-plugin")])[0]!;
  return { gpus: free.get("nvidia.com/gpu"), isAbsent: JSON.stringify(unknowns).includes(JSON.stringify(ABSENT)) };
};

describe("the device plugin of a stack that does not run on the nodes of a pool", () => {
  it.each([
    ["a node group", group("AL2023_x86_64_NVIDIA")],
    ["a node group with an image of its own", group("CUSTOM")],
    ["a NodePool of Karpenter", nodePool("karpenter.k8s.aws")],
  ])("leaves it open who offers the GPUs of %s", (_case, pool) => {
    expect(judged(pool)).toEqual({ gpus: undefined, isAbsent: true });
  });

  it.each([
    ["a node group of Bottlerocket, which brings one", group("BOTTLEROCKET_x86_64_NVIDIA")],
    ["a NodePool of EKS Auto Mode, which brings one", nodePool("eks.amazonaws.com")],
    ["a node group where a chart brings another one", `${group("AL2023_x86_64_NVIDIA")}${CHART}`],
  ])("changes nothing of %s", (_case, pool) => {
    expect(judged(pool)).toEqual({ gpus: 1, isAbsent: false });
  });
});
