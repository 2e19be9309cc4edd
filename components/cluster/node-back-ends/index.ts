import type * as pulumi from "@pulumi/pulumi";
import type { EksFacts } from "../eks-facts";
import { createAutoModePool } from "./auto-mode/auto-mode-pool";
import { createKarpenterPool } from "./karpenter/karpenter-pool";
import { createKwokKarpenterPool } from "./kwok-karpenter/kwok-karpenter-pool";
import { createManagedNodeGroup } from "./managed/managed-node-group";
import type { EksNodeBackEnd, NodeBackEnd, PoolNodes, PoolPlan } from "./pool-plan";
import { createSimulatedNodes } from "./simulated/simulated-nodes";

/** What makes the nodes of a pool. */
export const PoolBackEnd = {
  /** Node objects on the embedded cluster; no machine stands behind them. */
  simulated: "simulated",
  /** NodePools on the embedded cluster, for which Karpenter with its KWOK provider starts Node objects. */
  kwokKarpenter: "kwok-karpenter",
  /** An EKS managed node group, scaled by the Cluster Autoscaler. */
  managed: "managed",
  /** A NodePool and EC2NodeClass, for which Karpenter starts machines. */
  karpenter: "karpenter",
  /** A NodePool and NodeClass, for which EKS Auto Mode starts machines. */
  auto: "auto",
} as const;
/** What makes the nodes of a pool. */
export type PoolBackEnd = (typeof PoolBackEnd)[keyof typeof PoolBackEnd];

const local = { simulated: createSimulatedNodes, "kwok-karpenter": createKwokKarpenterPool } satisfies Partial<
  Record<PoolBackEnd, NodeBackEnd>
>;

const onEks: Record<Exclude<PoolBackEnd, keyof typeof local>, EksNodeBackEnd> = {
  managed: createManagedNodeGroup,
  karpenter: createKarpenterPool,
  auto: createAutoModePool,
};

/** Where the pool's nodes come from when its arguments say nothing: machines where there is a cluster on EKS. */
export function defaultBackEnd(eks: EksFacts | undefined): PoolBackEnd {
  if (eks === undefined) return PoolBackEnd.simulated;
  return eks.autoMode === true ? PoolBackEnd.auto : PoolBackEnd.managed;
}

/** Whether a back end is one of the embedded cluster, on which no machine stands behind a node. */
export function isLocal(backEnd: PoolBackEnd): backEnd is keyof typeof local {
  return backEnd in local;
}

/**
 * Makes the nodes of a pool with a back end.
 *
 * @throws RangeError when the back end needs a cluster on EKS and there is none; the pools' checks tell beforehand.
 */
export function createNodes(
  backEnd: PoolBackEnd,
  plan: PoolPlan,
  eks: EksFacts | undefined,
  opts: pulumi.CustomResourceOptions,
): PoolNodes {
  if (isLocal(backEnd)) return local[backEnd](plan, opts);
  if (eks === undefined) throw new RangeError(`The back end ${backEnd} needs a cluster on EKS.`);
  return onEks[backEnd]({ ...plan, eks }, opts);
}
