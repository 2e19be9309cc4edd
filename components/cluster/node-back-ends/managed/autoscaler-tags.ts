import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../../internal";
import type { AmiFamily, PoolShape } from "../../../model";
import { managedNodeLabels } from "./managed-node-labels";
import { type EksPoolPlan, type PoolPlan, PoolPurpose } from "../pool-plan";
import { poolTags } from "../pool-tags";
import { simulatedNodeResources } from "../simulated/simulated-nodes";

/** A tag of an Auto Scaling group. */
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
 * Huge pages of 2 MiB that each operating system sets aside at boot where there are fabric adapters.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html (read 2026-11)
 * @see https://github.com/bottlerocket-os/bottlerocket-core-kit/pull/141 (110 for each CPU)
 */
const hugePages: Record<AmiFamily, (vcpus: number) => number> = {
  al2023: () => 5128,
  bottlerocket: (vcpus) => 110 * vcpus,
};
const HUGE_PAGE_MIB = 2;

/**
 * Share of a node's GPUs in use from which on the autoscaler leaves it alone. It must be above 0, as an idle node is not
 * below 0, and below one GPU of the largest node.
 */
const ANY_GPU_IN_USE = "0.001";

/** What the Cluster Autoscaler must be told of a pool's nodes, so that it starts the first one and never drains a busy one. */
export function autoscalerTags({ shape, nodes }: Pick<PoolPlan, "shape" | "nodes">): AutoscalerTag[] {
  const groups = {
    label: managedNodeLabels(shape),
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

/**
 * Tags the Auto Scaling group of a managed node group, which EKS makes without the tags of the node group.
 *
 * Nothing is handed on to machines: the launch template tags these.
 */
export function createAutoscalerTags(
  plan: EksPoolPlan,
  autoscalingGroupName: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  const costTags = Object.entries(poolTags(plan)).map(([key, value]) => ({ name: `tag-${key}`, key, value }));
  for (const { name, key, value } of [...costTags, ...autoscalerTags(plan)]) {
    const tag = { key, value, propagateAtLaunch: false };
    new aws.autoscaling.Tag(`${plan.name}-${name}`, { autoscalingGroupName, tag }, opts);
  }
}

/** A tag has room for one taint of each key, the first; further ones of the same key are read from EKS. */
function taintValues({ taints }: PoolShape): Record<string, string> {
  return Object.fromEntries([...taints].reverse().map(({ key, value = "", effect }) => [key, `${value}:${effect}`]));
}

/** What pods can have of a node; the autoscaler takes it for what the node has, too. */
function templateResources(shape: PoolShape, family: AmiFamily): Record<string, string> {
  const { allocatable } = simulatedNodeResources(shape);
  const hugePagesMib = shape.efaInterfaces === 0 ? undefined : HUGE_PAGE_MIB * hugePages[family](shape.vcpus);
  return compact({
    ...Object.fromEntries(Object.entries(allocatable).filter(([resource]) => !knownResources.includes(resource))),
    "hugepages-2Mi": hugePagesMib === undefined ? undefined : `${hugePagesMib}Mi`,
  });
}

/** By default, pods on a half-idle node are moved elsewhere, which would start a training all over. */
function scaleDownOptions({ gpusPerNode }: PoolShape, purpose: PoolPurpose): Record<string, string> {
  if (gpusPerNode === 0 || purpose !== PoolPurpose.training) return {};
  return { scaledowngpuutilizationthreshold: ANY_GPU_IN_USE };
}
