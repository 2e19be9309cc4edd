import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type InputProblem, problemAt } from "../../../internal";
import { autoscalerTags } from "./autoscaler-tags";
import type { EksPoolPlan } from "../pool-plan";
import { machineTags } from "../pool-tags";

/** A tag of an Auto Scaling group. */
interface GroupTag {
  /** What the tag is about, in short; unique within a group. */
  name: string;
  key: string;
  value: string;
  /** Whether the machines that are started from then on get it too. */
  propagateAtLaunch: boolean;
}

/**
 * Most tags of a pool on its group: AWS allows 50, and EKS sets five, by which the autoscaler and EKS itself know it.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html (read 2026-11)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html (read 2026-11)
 */
const MOST_TAGS = 45;

/** Checks that the Auto Scaling group of a managed pool has room for the pool's tags. */
export function checkGroupTags(plan: Pick<EksPoolPlan, "eks" | "shape" | "nodes">): InputProblem[] {
  const forAutoscaler = autoscalerTags(plan).length;
  const given = Object.keys(machineTags(plan)).length;
  if (given + forAutoscaler <= MOST_TAGS) return [];
  const observed = `${given} tags with those of pool and machines`;
  const allowed = `at most ${MOST_TAGS - forAutoscaler}, beside ${forAutoscaler} for labels, taints and resources`;
  return [problemAt("eks.tags", observed, allowed, "An Auto Scaling group has room for no more; remove some.")];
}

/**
 * Tags the Auto Scaling group of a managed node group, which EKS makes without the tags of the node group.
 *
 * Tags for costs are handed on to machines. A change of them replaces no node, as one of the launch template would: those
 * that run keep their tags.
 */
export function createGroupTags(
  plan: EksPoolPlan,
  autoscalingGroupName: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const { name, ...tag } of groupTags(plan)) {
    new aws.autoscaling.Tag(`${plan.name}-${name}`, { autoscalingGroupName, tag }, opts);
  }
}

function groupTags(plan: EksPoolPlan): GroupTag[] {
  const ofMachines = Object.entries(machineTags(plan)).map(([key, value]) => ({ name: `tag-${key}`, key, value }));
  return [
    ...ofMachines.map((tag) => ({ ...tag, propagateAtLaunch: true })),
    ...autoscalerTags(plan).map((tag) => ({ ...tag, propagateAtLaunch: false })),
  ];
}
