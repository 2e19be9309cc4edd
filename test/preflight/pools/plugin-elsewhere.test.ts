import { describe, expect, it } from "vitest";
import { plannedPools } from "../../../preflight/pools";
import { goldenStack, stackOf } from "./written-stack";

const ABSENT = {
  property: "gpuResource",
  reason: "the device plugin of the stack does not run on all of its nodes, so nothing tells who offers its GPUs",
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

  it.each([
    ["one", "nodeSelector: { node.kubernetes.io/instance-type: g5.12xlarge }", [undefined, undefined]],
    ["all", "nodeSelector: { kubernetes.io/os: linux }", [1, 4]],
  ])(
    "counts GPUs of several types where it runs on %s of them, as Karpenter does not know of it",
    (_case, selector, gpus) => {
      const plugin = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: nvidia-device-plugin, namespace: kube-system }
spec:
  template:
    spec:
      ${selector}
      tolerations: [{ operator: Exists }]
      containers: [{ name: plugin, image: nvcr.io/nvidia/k8s-device-plugin }]
`;
      const both = nodePool("karpenter.k8s.aws").replace("[g5.xlarge]", "[g5.xlarge, g5.12xlarge]");
      const [pool] = plannedPools(stackOf(`${both}---${plugin}`));
      expect(pool!.machines!.map(({ free }) => free.get("nvidia.com/gpu"))).toEqual(gpus);
    },
  );
});
