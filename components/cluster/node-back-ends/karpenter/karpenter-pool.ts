import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { compact } from "../../../internal";
import { EC2_NODE_CLASS, ec2NodeClassManifest } from "./ec2-node-class";
import { hugePagesOverlayManifest } from "./huge-pages-overlay";
import { createInstanceProfile } from "./instance-profile";
import { type NodeLifetime, nodePoolManifest } from "./karpenter-node-pool";
import { linuxOnly, nodeRequirements } from "./node-requirements";
import { createPlacementGroup } from "../placement-group";
import type { EksPoolPlan, PoolNodes, PoolPurpose } from "../pool-plan";
import { createWarmUps } from "./warm-up";

/**
 * When Karpenter may take nodes away.
 *
 * A training node goes once it is empty, and for no other reason: not for its age, not for a newer image, not to move its
 * pods to cheaper machines. It has no grace period, as that would end pods that ask not to be disturbed.
 *
 * @see https://karpenter.sh/v1.14/concepts/disruption/
 */
export const lifetimes: Record<PoolPurpose, NodeLifetime> = {
  training: {
    expireAfter: "Never",
    consolidationPolicy: "WhenEmpty",
    consolidateAfter: "10m",
    budgets: [{ nodes: "0", reasons: ["Drifted"] }],
  },
  serving: {
    expireAfter: "720h",
    terminationGracePeriod: "24h",
    consolidationPolicy: "WhenEmptyOrUnderutilized",
    consolidateAfter: "5m",
    budgets: [{ nodes: "10%" }],
  },
};

/** Machines take minutes to drain and to end, and their objects stay until they have. */
export const NODE_DELETION_TIMEOUT = "30m";

/** The NodePool of a pool whose machines Karpenter starts. */
export function karpenterNodePoolManifest({ shape, nodes }: Pick<EksPoolPlan, "shape" | "nodes">) {
  const { group, kind } = EC2_NODE_CLASS;
  const requirements = [...nodeRequirements(shape), linuxOnly];
  return nodePoolManifest(shape, { group, kind, requirements, lifetime: lifetimes[nodes.purpose] });
}

/**
 * Creates the NodePool and EC2NodeClass of a pool, for which Karpenter starts machines when pods need them; a placement
 * group where machines shall stand close to each other; with EFA a NodeOverlay that tells of huge pages; an instance
 * profile where Karpenter does not reach IAM; and a CronJob for each schedule.
 *
 * They are deleted in reverse order: first the NodePool, which ends the machines, then what tells how they are built, then
 * what they stood in and ran under. All of this needs Karpenter to be there still, so a program makes its pools depend on it.
 */
export function createKarpenterPool(plan: EksPoolPlan, opts: pulumi.CustomResourceOptions): PoolNodes {
  const { name, nodes, eks } = plan;
  const placementGroup = nodes.placementGroup ? createPlacementGroup(plan, opts) : undefined;
  const instanceProfile = eks.isolated === true ? createInstanceProfile(plan, opts) : undefined;
  const deletion = { customTimeouts: { delete: NODE_DELETION_TIMEOUT } };
  const nodeClass = new k8s.apiextensions.CustomResource(
    `${name}-node-class`,
    ec2NodeClassManifest(
      plan,
      compact({ placementGroup: placementGroup?.name, instanceProfile: instanceProfile?.name }),
    ),
    { ...opts, ...deletion },
  );
  const overlay = hugePagesOverlayManifest(plan);
  const hugePages =
    overlay === undefined ? [] : [new k8s.apiextensions.CustomResource(`${name}-huge-pages`, overlay, opts)];
  const nodePool = new k8s.apiextensions.CustomResource(`${name}-node-pool`, karpenterNodePoolManifest(plan), {
    ...opts,
    ...deletion,
    dependsOn: [nodeClass, ...hugePages],
  });
  createWarmUps(plan, { ...opts, dependsOn: [nodePool] });
  return { nodeNames: pulumi.output([]) };
}
