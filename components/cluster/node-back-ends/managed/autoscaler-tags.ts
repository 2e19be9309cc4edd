import { type AmiFamily, hugePageResources, nodeResources, type PoolShape } from "../../../model";
import { managedNodeLabels } from "./managed-node-labels";
import { type PoolPlan, PoolPurpose } from "../pool-plan";

/** A tag of an Auto Scaling group that the Cluster Autoscaler reads. */
export interface AutoscalerTag {
  /** What the tag is about, in short; unique within a group. */
  name: string;
  key: string;
  value: string;
}

/**
 * Where the Cluster Autoscaler looks for what a node would be like, in a group that has none.
 *
 * @see https://github.com/kubernetes/autoscaler/tree/cluster-autoscaler-1.36.1/cluster-autoscaler/cloudprovider/aws
 * "Auto-Discovery Setup"
 */
const NODE_TEMPLATE = "k8s.io/cluster-autoscaler/node-template";

/** What the autoscaler knows of an instance type from EC2 itself. */
const knownResources = ["cpu", "memory", "pods"];

/**
 * Labels that nodes get with the zone that they are in, by the kubelet and by the EBS driver.
 *
 * @see https://github.com/kubernetes/autoscaler/issues/3845 (pods whose volume is there, and a group that has no node)
 */
const zoneLabels = ["topology.ebs.csi.aws.com/zone", "topology.kubernetes.io/zone"];

/**
 * Share of a node's GPUs in use from which on the autoscaler leaves it alone. It must be above 0, as an idle node is not
 * below 0, and below one GPU of the largest node.
 */
const ANY_GPU_IN_USE = "0.001";

/** What the Cluster Autoscaler must be told of a pool's nodes, so that it starts the first one and never drains a busy one. */
export function autoscalerTags({ shape, nodes }: Pick<PoolPlan, "shape" | "nodes">): AutoscalerTag[] {
  const groups = {
    label: { ...managedNodeLabels(shape), ...zoneLabelsOf(shape) },
    taint: taintValues(shape),
    resources: templateResources(shape, nodes.amiFamily),
    "autoscaling-options": scaleDownOptions(shape, nodes.purpose),
  };
  return Object.entries(groups).flatMap(([group, values]) =>
    Object.entries(values).map(([key, value]) => ({
      name: `${group}-${key}`,
      key: `${NODE_TEMPLATE}/${group}/${key}`,
      value,
    })),
  );
}

/** With several zones the group may start its first node in any of them, so that none can be told. */
function zoneLabelsOf({ availabilityZones }: PoolShape): Record<string, string> {
  const [zone, ...others] = availabilityZones;
  if (zone === undefined || others.length > 0) return {};
  return Object.fromEntries(zoneLabels.map((label) => [label, zone]));
}

/** A tag has room for one taint of each key, the first; further ones of the same key are read from EKS. */
function taintValues({ taints }: PoolShape): Record<string, string> {
  return Object.fromEntries([...taints].reverse().map(({ key, value = "", effect }) => [key, `${value}:${effect}`]));
}

/** What pods can have of a node; the autoscaler takes it for what the node has, too. */
function templateResources(shape: PoolShape, family: AmiFamily): Record<string, string> {
  const { allocatable } = nodeResources(shape);
  return {
    ...Object.fromEntries(Object.entries(allocatable).filter(([resource]) => !knownResources.includes(resource))),
    ...hugePageResources(shape, family),
  };
}

/** By default, pods on a half-idle node are moved elsewhere, which would start a training all over. */
function scaleDownOptions({ gpusPerNode }: PoolShape, purpose: PoolPurpose): Record<string, string> {
  if (gpusPerNode === 0 || purpose !== PoolPurpose.training) return {};
  return { scaledowngpuutilizationthreshold: ANY_GPU_IN_USE };
}
