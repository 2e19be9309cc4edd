/** Why a node does not take a pod, in kinds that the filters of the scheduler tell apart. */
export const ObstacleKind = {
  nodeName: "node-name",
  unschedulable: "unschedulable",
  taint: "taint",
  nodeAffinity: "node-affinity",
  hostPort: "host-port",
  tooManyPods: "too-many-pods",
  resource: "resource",
  volumeZone: "volume-zone",
  topologySpread: "topology-spread",
  topologySpreadLabel: "topology-spread-label",
  podAffinity: "pod-affinity",
  podAntiAffinity: "pod-anti-affinity",
  existingAntiAffinity: "existing-anti-affinity",
} as const;
/** Why a node does not take a pod. */
export type ObstacleKind = (typeof ObstacleKind)[keyof typeof ObstacleKind];

/** One reason for which a node does not take a pod. */
export interface Obstacle {
  kind: ObstacleKind;
  /** What the scheduler itself says, for example `Insufficient nvidia.com/gpu`. */
  message: string;
  /** What stands in the way: the resource, taint, label key, volume or topology key; absent where the kind says it all. */
  subject?: string;
  /** Of a resource: how much the pod asks for, and how much of it the node has left, in the units of `Amounts`. */
  asked?: number;
  left?: number;
}
