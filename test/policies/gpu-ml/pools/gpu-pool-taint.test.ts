import { describe, expect, it } from "vitest";
import { judgementsOf } from "../../judgements";
import { Subject } from "../../../../policies/engine/subject";
import { gpuPoolTaint } from "../../../../policies/gpu-ml/pools/gpu-pool-taint";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";

const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
const UNTAINTED = "is without a lasting taint of effect NoSchedule or NoExecute; allowed: at least one on GPU nodes.";

function node(taints: unknown, status: unknown = { capacity: { "nvidia.com/gpu": "4" } }): TestResource {
  const props = { apiVersion: "v1", kind: "Node", metadata: { name: "train-0" }, spec: { taints }, status };
  return { type: "kubernetes:core/v1:Node", name: "train-0", props };
}

function nodeGroup(props: object): TestResource {
  return { type: "aws:eks/nodeGroup:NodeGroup", name: "train", props };
}

function gpuNodePool(props: object): TestResource {
  return { type: "mlstack:index:GpuNodePool", name: "train", props };
}

function nodePool(taints: unknown, requirement: object): TestResource {
  const template = { spec: { taints, requirements: [requirement] } };
  const props = { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "train" }, spec: { template } };
  return { type: "kubernetes:karpenter.sh/v1:NodePool", name: "train", props };
}

const G5 = { key: "node.kubernetes.io/instance-type", operator: "In", values: ["g5.xlarge"] };

describe("GPU-07 taints of GPU nodes", () => {
  it.each([
    ["a GPU node with the GPU taint", node([GPU_TAINT])],
    ["a GPU node with another lasting taint", node([{ key: "dedicated", effect: "NoExecute" }])],
    ["a node without GPUs", node([], { capacity: { cpu: "8", "nvidia.com/gpu": "0" } })],
    ["a node without status", node([], null)],
    ["a CPU node group", nodeGroup({ instanceTypes: ["m5.large"] })],
    ["a tainted GPU node group", nodeGroup({ instanceTypes: ["g5.xlarge"], taints: [{ effect: "NO_SCHEDULE" }] })],
    ["a GPU pool, which is tainted by default", gpuNodePool({ instanceType: "g5.xlarge" })],
    ["a GPU pool with a taint of its own", gpuNodePool({ gpuTaint: false, taints: [GPU_TAINT] })],
    ["a tainted NodePool of GPU machines", nodePool([GPU_TAINT], G5)],
    ["a NodePool of CPU machines", nodePool([], { ...G5, values: ["m7i.large"] })],
    ["a NodePool of whatever machines", nodePool([], { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] })],
    ["a resource of another type", { ...node([]), type: "kubernetes:core/v1:Pod" }],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([gpuPoolTaint], resource)).toEqual([]);
  });

  it.each([
    [
      "a GPU node without taints",
      node(undefined),
      `Node train-0: spec.taints ${UNTAINTED} Add { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }.`,
    ],
    [
      "a node whose allocatable MIG slices stand open",
      node([], { allocatable: { "nvidia.com/mig-1g.5gb": 7 } }),
      `Node train-0: spec.taints ${UNTAINTED} Add { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }.`,
    ],
    [
      "a taint that only prefers",
      node([{ ...GPU_TAINT, effect: "PreferNoSchedule" }]),
      `Node train-0: spec.taints ${UNTAINTED} Add { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }.`,
    ],
    [
      "a taint that Kubernetes lifts by itself",
      node([{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }]),
      `Node train-0: spec.taints ${UNTAINTED} Add { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }.`,
    ],
    [
      "a taint that a cloud provider lifts by itself",
      node([{ key: "node.cloudprovider.kubernetes.io/uninitialized", effect: "NoSchedule" }]),
      `Node train-0: spec.taints ${UNTAINTED} Add { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }.`,
    ],
    [
      "an EKS group with an older GPU image",
      nodeGroup({ amiType: "AL2_x86_64_GPU" }),
      `NodeGroup train: taints ${UNTAINTED} Add { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }.`,
    ],
    [
      "an EKS group of a GPU instance type",
      nodeGroup({ instanceTypes: ["g5.xlarge"], taints: [{ key: "a", effect: "PREFER_NO_SCHEDULE" }] }),
      `NodeGroup train: taints ${UNTAINTED} Add { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }.`,
    ],
    [
      "an EKS group whose launch template hides the instance type, by its image",
      nodeGroup({ amiType: "AL2023_x86_64_NVIDIA" }),
      `NodeGroup train: taints ${UNTAINTED} Add { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }.`,
    ],
    [
      "an EKS group of machines with a fraction of a GPU",
      nodeGroup({ instanceTypes: ["g6f.large"] }),
      `NodeGroup train: taints ${UNTAINTED} Add { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }.`,
    ],
    [
      "a NodePool of a GPU instance type",
      nodePool(undefined, G5),
      `NodePool train: spec.template.spec.taints ${UNTAINTED} ` +
        'Add { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }.',
    ],
    [
      "a NodePool that selects its machines by their GPUs",
      nodePool([], { key: "karpenter.k8s.aws/instance-gpu-count", operator: "Gt", values: ["0"] }),
      `NodePool train: spec.template.spec.taints ${UNTAINTED} ` +
        'Add { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }.',
    ],
    [
      "a simulated node by the resources that it announces",
      {
        type: "kubernetes:core/v1:Node",
        props: {
          apiVersion: "v1",
          kind: "Node",
          metadata: {
            name: "train-0",
            annotations: { "mlstack.dev/simulated-resources": '{"capacity":{"nvidia.com/gpu":"4"}}' },
          },
        },
      },
      `Node train-0: spec.taints ${UNTAINTED} Add { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }.`,
    ],
    [
      "a GPU pool with its taint switched off",
      gpuNodePool({ gpuTaint: false }),
      `GpuNodePool train: taints ${UNTAINTED} Leave gpuTaint on.`,
    ],
  ])("refuses %s", (_case, resource, message) => {
    expect(lines(analyze([gpuPoolTaint], resource))).toEqual([`mandatory [GPU-07] ${message}`]);
  });

  it.each([
    ["the taints", node(UNKNOWN_STRING), "Node train-0: spec.taints"],
    ["the effect of the taint", node([{ key: "a", effect: UNKNOWN_STRING }]), "Node train-0: spec.taints"],
    ["the key of the taint", node([{ key: UNKNOWN_STRING, effect: "NoSchedule" }]), "Node train-0: spec.taints"],
    ["the capacity", node([], UNKNOWN_STRING), "Node train-0: spec.taints"],
    ["the number of GPUs", node([], { capacity: { "nvidia.com/gpu": UNKNOWN_STRING } }), "Node train-0: spec.taints"],
    ["the instance type", nodeGroup({ instanceTypes: [UNKNOWN_STRING] }), "NodeGroup train: taints"],
    ["the list of instance types", nodeGroup({ instanceTypes: UNKNOWN_STRING }), "NodeGroup train: taints"],
    ["the image", nodeGroup({ amiType: UNKNOWN_STRING }), "NodeGroup train: taints"],
    [
      "the instance type of a NodePool",
      nodePool([], { ...G5, values: UNKNOWN_STRING }),
      "NodePool train: spec.template.spec.taints",
    ],
    ["the taints of a NodePool", nodePool(UNKNOWN_STRING, G5), "NodePool train: spec.template.spec.taints"],
  ])("leaves it to the update while %s is not known", (_case, resource, where) => {
    const [message] = lines(analyze([gpuPoolTaint], resource));

    expect(message).toContain(`advisory [GPU-07] ${where} is not known yet`);
  });

  it.each([
    ["a Node", node([]), [{ path: "spec.taints", append: GPU_TAINT }]],
    [
      "a node group",
      nodeGroup({ instanceTypes: ["g5.xlarge"] }),
      [{ path: "taints", append: { ...GPU_TAINT, effect: "NO_SCHEDULE" } }],
    ],
    ["our own pool, which an argument decides", gpuNodePool({ gpuTaint: false }), undefined],
  ])("adds the taint of GPU nodes to %s", (_case, { type, props }, fix) => {
    const judgements = judgementsOf(gpuPoolTaint, [new Subject({ type, name: "train", urn: "", props })], {});

    expect(judgements.map(([, judgement]) => ("fix" in judgement ? judgement.fix : undefined))).toEqual([fix]);
  });
});
