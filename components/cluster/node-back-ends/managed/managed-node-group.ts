import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { compact } from "../../../internal";
import { amiTypeOf, CapacityType, type Taint, type TaintEffect } from "../../../model";
import { createGroupTags } from "./group-tags";
import { createLaunchTemplate } from "./launch-template";
import { managedNodeLabels } from "./managed-node-labels";
import { createPlacementGroup } from "../placement-group";
import type { EksPoolPlan, PoolNodes } from "../pool-plan";
import { subnetIdsOf } from "../pool-subnets";
import { poolTags } from "../pool-tags";
import { createScheduledScaling } from "./scheduled-scaling";

/** How the EKS API spells the effects of taints. */
const eksTaintEffects: Record<TaintEffect, string> = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
};

/** How the EKS API spells capacity types; a reservation of machines on demand is told in the launch template alone. */
const eksCapacityTypes: Record<CapacityType, string> = {
  "on-demand": "ON_DEMAND",
  spot: "SPOT",
  reserved: "ON_DEMAND",
  "capacity-block": "CAPACITY_BLOCK",
};

/**
 * Creates a managed node group of EKS with what belongs to it: launch template, placement group, tags for the Cluster
 * Autoscaler, and changes at set times.
 *
 * The number of nodes belongs to the autoscaler once the group is there. So EKS refuses to raise minNodes above the nodes
 * that run at the time: start them first. The group's name is made up by Pulumi, so that a new group stands ready before
 * the one that it replaces goes.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html (read 2026-11)
 */
export function createManagedNodeGroup(plan: EksPoolPlan, opts: pulumi.CustomResourceOptions): PoolNodes {
  const { name, shape, desiredNodes, nodes, eks } = plan;
  const isAccelerated = shape.gpusPerNode > 0;
  const placementGroup = nodes.placementGroup ? createPlacementGroup(plan, opts) : undefined;
  const template = createLaunchTemplate(plan, placementGroup?.name, opts);
  const group = new aws.eks.NodeGroup(
    `${name}-nodes`,
    compact({
      clusterName: eks.clusterName,
      nodeRoleArn: eks.nodeRoleArn,
      version: eks.kubernetesVersion,
      releaseVersion: nodes.amiVersion,
      amiType: amiTypeOf(nodes.amiFamily, shape.architecture, isAccelerated),
      capacityType: eksCapacityTypes[shape.capacityType],
      // Those of a capacity block are in the launch template, and EKS takes them from one place only.
      instanceTypes: shape.capacityType === CapacityType.capacityBlock ? undefined : shape.instanceTypes,
      subnetIds: subnetIdsOf(plan),
      scalingConfig: { minSize: shape.minNodes, maxSize: shape.maxNodes, desiredSize: desiredNodes },
      // Machines with GPUs are too scarce to wait for a new one before an old one goes.
      updateConfig: { maxUnavailable: 1, updateStrategy: isAccelerated ? "MINIMAL" : "DEFAULT" },
      nodeRepairConfig: { enabled: true },
      forceUpdateVersion: false,
      labels: managedNodeLabels(shape),
      taints: shape.taints.map(eksTaint),
      launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
      tags: { ...poolTags(plan), Name: `${name}-nodes` },
    }),
    { ...opts, ignoreChanges: ["scalingConfig.desiredSize"] },
  );
  const autoscalingGroupName = group.resources[0]!.autoscalingGroups[0]!.name;
  createGroupTags(plan, autoscalingGroupName, opts);
  createScheduledScaling(plan, autoscalingGroupName, opts);
  return { nodeNames: pulumi.output([]) };
}

function eksTaint({ key, value, effect }: Taint) {
  return compact({ key, value, effect: eksTaintEffects[effect] });
}
