import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CapacityType, SIMULATED_RESOURCES_BY_TYPE_ANNOTATION } from "../../../model";
import { typeResources, typesOf } from "../../autoscaling/kwok-instance-types";
import { lifetimes } from "../karpenter/karpenter-pool";
import { nodePoolManifest } from "../karpenter/karpenter-node-pool";
import { linuxOnly, nodeRequirements } from "../karpenter/node-requirements";
import { createWarmUps } from "../karpenter/warm-up";
import type { PoolNodes, PoolPlan } from "../pool-plan";

/** What the KWOK provider of Karpenter calls its own objects. */
const KWOK_NODE_CLASS = { group: "karpenter.kwok.sh", version: "v1alpha1", kind: "KWOKNodeClass" } as const;

/**
 * How long a simulated node must have been empty before it goes, where one on EKS has minutes: nothing is lost by starting
 * another, and who looks on does not want to wait. Karpenter looks every 10 s, and waits 15 s to be sure.
 */
const CONSOLIDATE_AFTER = "10s";

/** Karpenter ends nodes in seconds here; what takes longer is stuck. */
const NODE_DELETION_TIMEOUT = "3m";

type LocalPlan = Pick<PoolPlan, "shape" | "nodes">;

/** The node class of a pool, which says nothing of nodes here. */
export function kwokNodeClassManifest({ shape }: Pick<LocalPlan, "shape">) {
  const { group, version, kind } = KWOK_NODE_CLASS;
  return { apiVersion: `${group}/${version}` as const, kind, metadata: { name: shape.name }, spec: {} };
}

/** Name of the NodePool for the nodes of a pool that are always there. */
function standingName(poolName: string): string {
  return `${poolName}-standing`;
}

/**
 * The NodePools of a pool: one for nodes that are always there, and one for those that come when pods wait for them. A pool
 * that has no nodes of one kind has no such NodePool.
 *
 * Together they never have more nodes than the pool may have, and as all of its types have the same number of GPUs, no more
 * GPUs. That holds by the limit in nodes alone: for a moment Karpenter takes a new node to have no more GPUs than the pods
 * that it was started for.
 *
 * @see https://karpenter.sh/v1.14/concepts/nodepools/ "spec.limits", "spec.replicas"
 */
export function kwokNodePoolManifests({ shape, nodes }: LocalPlan) {
  const { minNodes, maxNodes, name } = shape;
  const resources = Object.fromEntries(
    typesOf({ shape }).map((type) => [type.instanceType, typeResources({ shape, nodes }, type)]),
  );
  const annotations = { [SIMULATED_RESOURCES_BY_TYPE_ANNOTATION]: JSON.stringify(resources) };
  const manifest = nodePoolManifest(
    { ...shape, maxNodes: maxNodes - minNodes },
    {
      group: KWOK_NODE_CLASS.group,
      kind: KWOK_NODE_CLASS.kind,
      requirements: [...nodeRequirements({ ...shape, capacityType: offeredAs(shape.capacityType) }), linuxOnly],
      lifetime: { ...lifetimes[nodes.purpose], consolidateAfter: CONSOLIDATE_AFTER },
    },
  );
  const { template, limits, weight, ...spec } = manifest.spec;
  const annotated = { ...template, metadata: { ...template.metadata, annotations } };
  const growing = { ...manifest, spec: { ...spec, ...(weight && { weight }), template: annotated, limits } };
  const standing = {
    ...manifest,
    metadata: { name: standingName(name) },
    spec: { ...spec, template: annotated, replicas: minNodes, limits: { nodes: String(minNodes) } },
  };
  return [...(minNodes > 0 ? [standing] : []), ...(maxNodes > minNodes ? [growing] : [])];
}

/**
 * Creates the NodePools and the node class of a pool on the embedded cluster, for which Karpenter starts simulated nodes, and
 * a CronJob for each schedule. Karpenter must be there before and after, as it ends the nodes.
 */
export function createKwokKarpenterPool(plan: PoolPlan, opts: pulumi.CustomResourceOptions): PoolNodes {
  const { name } = plan;
  const nodeClass = new k8s.apiextensions.CustomResource(`${name}-node-class`, kwokNodeClassManifest(plan), opts);
  const nodePools = kwokNodePoolManifests(plan).map((manifest) => {
    const suffix = "replicas" in manifest.spec ? "standing-node-pool" : "node-pool";
    return new k8s.apiextensions.CustomResource(`${name}-${suffix}`, manifest, {
      ...opts,
      customTimeouts: { delete: NODE_DELETION_TIMEOUT },
      dependsOn: [nodeClass],
    });
  });
  createWarmUps(plan, { ...opts, dependsOn: nodePools });
  return { nodeNames: pulumi.output([]) };
}

/** Nothing is reserved here: such machines are had as if on demand, and their label tells what they stand for. */
function offeredAs(capacityType: CapacityType): CapacityType {
  return capacityType === CapacityType.spot ? CapacityType.spot : CapacityType.onDemand;
}
