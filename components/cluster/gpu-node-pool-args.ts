import type * as pulumi from "@pulumi/pulumi";
import type { GpuRequirement, PoolSchedule, Taint } from "../model";
import type { PoolPurpose } from "./node-back-ends/pool-plan";
import type { NodePoolArgs } from "./node-pool";

/** What a `GpuNodePool` is made from. */
export interface GpuNodePoolArgs extends NodePoolArgs {
  /**
   * EC2 instance type with whole NVIDIA GPUs, for example `g5.xlarge`. One of instanceType, instanceTypes and gpus is
   * required, as it decides the accelerator.
   */
  instanceType?: string;
  /**
   * Several instance types, the first choice first, with the same architecture and number of GPUs; spot capacity needs at
   * least two.
   */
  instanceTypes?: string[];
  /** What each node's GPUs must be like: the cheapest type that fulfils it is used, for spot capacity the four cheapest. */
  gpus?: GpuRequirement;
  /** Most nodes that the pool may grow to, from 1 to 5000. At least one of maxNodes, maxGpus, maxUsdPerHour is required. */
  maxNodes?: number;
  /** Most GPUs that the pool may grow to, at least those of one node; no limit beside the others by default. */
  maxGpus?: number;
  /**
   * Most that the pool's nodes may cost in USD per hour at on-demand prices, at least the price of one node; no limit
   * beside the others by default.
   */
  maxUsdPerHour?: number;
  /** Price of a node in USD per hour; by default that of the dearest instance type in the table of prices. */
  usdPerNodeHour?: number;
  /** Nodes that are always there, from 0. 0 by default, so that an idle pool costs nothing. */
  minNodes?: number;
  /** Nodes to start with, between minNodes and the ceiling; minNodes by default. */
  desiredNodes?: number;
  /** Hours in which nodes stand ready, for batches at set times; none by default. */
  schedules?: PoolSchedule[];
  /** What the nodes are for; `training` by default, as that is never interrupted to save money. */
  purpose?: PoolPurpose;
  /** Taints on every node, beside the GPU taint. */
  taints?: Taint[];
  /**
   * Whether nodes carry the taint `nvidia.com/gpu=present:NoSchedule`; true by default, so that only pods that need a
   * GPU get on a GPU node.
   */
  gpuTaint?: boolean;
  /** Whether nodes have Elastic Fabric Adapters for training on several nodes; false by default. */
  efa?: boolean;
  /** Whether nodes stand close to each other in a cluster placement group, which is in one zone; false by default. */
  placementGroup?: boolean;
  /** Whether local NVMe disks become the nodes' disk for images and `emptyDir`; true by default where there are any. */
  localStorage?: boolean;
  /** Id of the reservation that the capacity types `reserved` and `capacity-block` take machines from. */
  capacityReservationId?: pulumi.Input<string>;
}
