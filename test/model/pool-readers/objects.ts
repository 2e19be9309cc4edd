import { poolShapeOf } from "../../../components/model/pool-shape-of";
import type { Tree, TreeObject } from "../../../components/model/tree";
import { UNKNOWN } from "../../../components/model/unknown";

/** Labels of the pool that all these objects make or belong to. */
export const LABELS = {
  "mlstack.dev/pool": "train",
  "mlstack.dev/capacity-type": "on-demand",
  "mlstack.dev/gpu-model": "a10g",
  "nvidia.com/gpu.present": "true",
};
/** Its one taint, in Kubernetes spelling. */
export const TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
/** What follows from its instance type. */
export const MACHINES = {
  instanceType: "g5.12xlarge",
  instanceTypes: ["g5.12xlarge"],
  architecture: "amd64",
  gpuResource: "nvidia.com/gpu",
  gpusPerNode: 4,
  gpuModel: "a10g",
  gpuMemoryMib: 22888,
  vcpus: 48,
  memoryGib: 192,
};

/** What is read from a managed node group, with some properties changed and perhaps a launch template. */
export function nodeGroup(changes: TreeObject = {}, template?: TreeObject) {
  const properties: TreeObject = {
    amiType: "AL2023_x86_64_NVIDIA",
    capacityType: "ON_DEMAND",
    instanceTypes: ["g5.12xlarge"],
    labels: LABELS,
    taints: [{ ...TAINT, effect: "NO_SCHEDULE" }],
    scalingConfig: { minSize: 0, maxSize: 3, desiredSize: 0 },
    launchTemplate: { id: UNKNOWN, version: UNKNOWN },
    ...changes,
  };
  const type = "aws:ec2/launchTemplate:LaunchTemplate";
  return poolShapeOf(
    { type: "aws:eks/nodeGroup:NodeGroup", properties },
    template === undefined ? undefined : { type, properties: template },
  );
}

/** What is read from a NodePool, with parts of its template changed and perhaps the spec of its node class. */
export function nodePool(changes: TreeObject = {}, nodeClassSpec?: TreeObject, labels: Tree = LABELS) {
  const spec: TreeObject = {
    limits: { nodes: "3", "nvidia.com/gpu": "12" },
    template: {
      metadata: { labels },
      spec: {
        nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "train" },
        requirements: [
          { key: "node.kubernetes.io/instance-type", operator: "In", values: ["g5.12xlarge"] },
          { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] },
          { key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] },
          { key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east-1a", "us-east-1b"] },
        ],
        taints: [TAINT],
        ...changes,
      },
    },
  };
  return poolShapeOf(
    { type: "kubernetes:karpenter.sh/v1:NodePool", properties: { kind: "NodePool", spec } },
    nodeClassSpec && { type: "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", properties: { spec: nodeClassSpec } },
  );
}

/** What is read from a Node, with some properties changed. */
export function node(changes: TreeObject = {}) {
  const labels = {
    ...LABELS,
    "node.kubernetes.io/instance-type": "g5.12xlarge",
    "kubernetes.io/arch": "amd64",
    "topology.kubernetes.io/zone": "us-east-1a",
  };
  const properties: TreeObject = { metadata: { labels }, spec: { taints: [TAINT] }, ...changes };
  return poolShapeOf({ type: "kubernetes:core/v1:Node", properties });
}

/** One requirement of a NodePool. */
export function requirement(key: string, operator: string, ...values: Tree[]): TreeObject {
  return { key, operator, values };
}
