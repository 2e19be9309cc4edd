import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { AUTO_NODE_CLASS, autoModeNodeClassManifest } from "./auto-mode-node-class";
import { createAutoModeNodeRole } from "./auto-mode-node-role";
import { type NodeLifetime, nodePoolManifest } from "../karpenter/karpenter-node-pool";
import { NODE_DELETION_TIMEOUT } from "../karpenter/karpenter-pool";
import { nodeRequirements } from "../karpenter/node-requirements";
import { createPlacementGroup } from "../placement-group";
import type { EksPoolPlan, PoolNodes, PoolPurpose } from "../pool-plan";
import { createWarmUps } from "../karpenter/warm-up";

/**
 * When EKS Auto Mode may take nodes away.
 *
 * It ends every machine after 21 days, draining included, so a training node lives as long as that allows: 20 days, and one
 * more for pods that ask not to be disturbed.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/automode.html "a maximum lifetime of 21 days" (read 2026-08)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html (read 2026-08)
 */
const lifetimes: Record<PoolPurpose, NodeLifetime> = {
  training: {
    expireAfter: "480h",
    terminationGracePeriod: "24h",
    consolidationPolicy: "WhenEmpty",
    consolidateAfter: "10m",
    budgets: [{ nodes: "0", reasons: ["Drifted"] }],
  },
  serving: {
    expireAfter: "336h",
    terminationGracePeriod: "24h",
    consolidationPolicy: "WhenEmptyOrUnderutilized",
    consolidateAfter: "5m",
    budgets: [{ nodes: "10%" }],
  },
};

/** The NodePool of a pool whose machines EKS Auto Mode starts. */
export function autoModeNodePoolManifest({ shape, nodes }: Pick<EksPoolPlan, "shape" | "nodes">) {
  const { group, kind } = AUTO_NODE_CLASS;
  return nodePoolManifest(shape, {
    group,
    kind,
    requirements: nodeRequirements(shape),
    lifetime: lifetimes[nodes.purpose],
  });
}

/**
 * Creates the NodePool and NodeClass of a pool, for which EKS Auto Mode starts machines when pods need them, with a role
 * for the machines; a placement group where they shall stand close to each other; and a CronJob for each schedule.
 */
export function createAutoModePool(plan: EksPoolPlan, opts: pulumi.CustomResourceOptions): PoolNodes {
  const { name, nodes } = plan;
  const role = createAutoModeNodeRole(plan, opts);
  const placementGroup = nodes.placementGroup ? createPlacementGroup(plan, opts) : undefined;
  const deletion = { customTimeouts: { delete: NODE_DELETION_TIMEOUT } };
  const nodeClass = new k8s.apiextensions.CustomResource(
    `${name}-node-class`,
    autoModeNodeClassManifest(plan, role, placementGroup?.name),
    { ...opts, ...deletion },
  );
  const nodePool = new k8s.apiextensions.CustomResource(`${name}-node-pool`, autoModeNodePoolManifest(plan), {
    ...opts,
    ...deletion,
    dependsOn: [nodeClass],
  });
  createWarmUps(plan, { ...opts, dependsOn: [nodePool] });
  return { nodeNames: pulumi.output([]) };
}
