import type * as pulumi from "@pulumi/pulumi";
import type { AmiFamily, PoolSchedule, PoolShape } from "../../model";
import type { EksFacts } from "../eks-facts";

/** What the nodes of a pool are for, which decides when they may be taken away. */
export const PoolPurpose = {
  /** Long jobs: a node goes only when it is empty, and never because of its age. */
  training: "training",
  /** Replicas that can move: nodes are packed tighter when that saves money, and renewed after 30 days. */
  serving: "serving",
} as const;
/** What the nodes of a pool are for, which decides when they may be taken away. */
export type PoolPurpose = (typeof PoolPurpose)[keyof typeof PoolPurpose];

/** How the nodes of a pool are built, beside what they offer to pods. */
export interface NodeSettings {
  /** Operating system of the nodes. */
  amiFamily: AmiFamily;
  /** Exact release of the image; the newest one of the family where undefined. */
  amiVersion?: string;
  /** Size of the root volume in GiB. */
  rootVolumeGib: number;
  /** Whether local NVMe disks become one RAID0 volume for images, logs and `emptyDir`. */
  localStorage: boolean;
  /** What the nodes are for. */
  purpose: PoolPurpose;
  /** Whether nodes are put close to each other in a cluster placement group. */
  placementGroup: boolean;
  /** Id of the on-demand capacity reservation or capacity block that the machines come from. */
  capacityReservationId?: pulumi.Input<string>;
  /** Hours in which nodes stand ready beyond minNodes. */
  schedules: PoolSchedule[];
}

/** Everything that a back end needs to make a pool's nodes, or whatever will make them; checked and with its defaults. */
export interface PoolPlan {
  /** Name of the pool's component, after which children are named. */
  name: string;
  /** What the pool offers to pods. */
  shape: PoolShape;
  /** Nodes to start with. */
  desiredNodes: number;
  /** How the nodes are built. */
  nodes: NodeSettings;
}

/** A plan for a pool on EKS. */
export interface EksPoolPlan extends PoolPlan {
  /** The cluster that the nodes join. */
  eks: EksFacts;
}

/** What a back end made. */
export interface PoolNodes {
  /** Names of the nodes that are there from the start; empty where AWS makes them later. */
  nodeNames: pulumi.Output<string[]>;
}

/** Makes the nodes of a pool, or whatever will make them. */
export type NodeBackEnd = (plan: PoolPlan, opts: pulumi.CustomResourceOptions) => PoolNodes;
/** Like {@link NodeBackEnd}, for pools on EKS. */
export type EksNodeBackEnd = (plan: EksPoolPlan, opts: pulumi.CustomResourceOptions) => PoolNodes;
